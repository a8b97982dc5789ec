"""Runs the benchmarks and rewrites docs/BENCHMARKS.md: see `./dev bench help`."""

import argparse
import datetime
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What was ever measured, in the repository: whoever measures a part again keeps the rest.
RESULTS = os.path.join(ROOT, "Benchmarks", "results.json")
RECOMMEND = os.path.join(ROOT, "Benchmarks", "recommend")
PEERS = ["clickhouse", "duckdb"]
PARTS = [
    "queries", "kinds", "uncompacted", "peers", "history", "open", "import", "append", "merges", "generate", "scale", "server",
    "pages", "profiles", "audiences", "kill", "training", "decide", "bandit", "loop", "off-policy",
]
QUESTIONS = {
    "funnel": "three-step funnel, 7 days",
    "funnel_filtered": "the same, filtered by properties",
    "funnel_by_city": "the same, by city",
    "retention": "weekly retention",
    "daily_uniques": "daily unique people by event",
    "paths": "paths: first five steps of each session",
    "trends_total": "daily totals by event",
    "rare_funnel": "funnel from a rare event (1 in 100,000)",
    "rare_count": "daily count of a rare event",
}
WITHOUT_BAR = {"trends_total"}
CLICKHOUSE_BAR, DUCKDB_BAR = 10, 30
KIND_BAR_SECONDS = 0.3
PAGE_BAR_SECONDS = 0.3
UNCOMPACTED_SEGMENTS = 4
APART_HOURS = 24
# Sizes of the data that `scale` compares, and how often in turn.
SCALE_ROWS = (30_000_000, 100_000_000)
SCALE_ROUNDS = 4


# --- Running --------------------------------------------------------------------------------------------------------

def run(command):
    print("bench:", " ".join(command[:3]), "...", file=sys.stderr)
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    return json.loads(answer)


def peer_python(folder):
    """The interpreter of the peers' virtual environment, which is made when it is missing."""
    python = os.path.join(folder, "bin", "python")
    probe = "import chdb, duckdb, numpy, pyarrow"
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    if subprocess.run([python, "-c", probe], stderr=subprocess.DEVNULL).returncode != 0:
        wanted = os.path.join(ROOT, "Benchmarks", "peers", "requirements.txt")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wanted], check=True, stdout=sys.stderr)
    return python


class Runner:
    def __init__(self, options):
        self.options = options
        self.folder = os.path.abspath(options.folder)
        os.makedirs(self.folder, exist_ok=True)
        self.results = {}
        if os.path.exists(RESULTS):
            with open(RESULTS) as file:
                self.results = json.load(file)

    def keep(self, part, rows, value):
        value["date"] = datetime.date.today().isoformat()
        value["machine"] = machine()
        for question in value.get("questions", {}).values():
            # Only whether answers are equal matters later.
            if "answer" in question:
                text = json.dumps(question["answer"], sort_keys=True)
                question["answer"] = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.results.setdefault(part, {})[str(rows)] = value
        with open(RESULTS + ".new", "w") as file:
            json.dump(self.results, file, indent=1, sort_keys=True)
            file.write("\n")
        os.replace(RESULTS + ".new", RESULTS)

    @property
    def dangol(self):
        return os.path.join(os.path.dirname(self.options.bench), "dangol")

    def bench(self, *arguments):
        return run([self.options.bench, *arguments])

    def log(self, rows):
        """The log of synthetic events, built when it is missing."""
        folder = os.path.join(self.folder, f"dangol-{rows}")
        data = self.bench("data", "--rows", str(rows), "--data", folder)
        before = self.results.get("data", {}).get(str(rows))
        # A log that was there already was not measured, but for its size.
        if data["loadSeconds"] == 0 and before:
            sizes = {key: data[key] for key in ("bytesOnDisk", "sequenceBytes")}
            data = {**before, **sizes}
        self.keep("data", rows, data)
        return folder

    def queries(self, rows, log=None):
        answer = self.bench("queries", "--data", log or self.log(rows), "--runs", str(self.options.runs))
        self.keep("dangol", rows, answer)

    def scale(self):
        """A funnel over two sizes of data, in turn, so that what else the machine does meets both alike."""
        logs = {rows: self.log(rows) for rows in SCALE_ROWS}
        times = {rows: [] for rows in SCALE_ROWS}
        for _ in range(SCALE_ROUNDS):
            for rows, log in logs.items():
                answer = self.bench(
                    "queries", "--only", "funnel", "--data", log, "--runs", str(self.options.runs))
                times[rows] += answer["questions"]["funnel"]["runs"]
        self.keep("scale", 0, {str(rows): statistics.median(all_times) for rows, all_times in times.items()})

    def uncompacted(self, rows):
        """The same questions of logs in several segments: the latest events apart, and everybody's events in all."""
        for name, option, value in (("apart", "--apart", APART_HOURS), ("uncompacted", "--segments", UNCOMPACTED_SEGMENTS)):
            folder = os.path.join(self.folder, f"dangol-{rows}-{name}")
            self.bench("data", "--rows", str(rows), "--data", folder, option, str(value))
            self.keep(name, rows, self.bench("queries", "--data", folder, "--runs", str(self.options.runs)))

    def kinds(self, rows):
        answer = self.bench("queries", "--kinds", "--data", self.log(rows), "--runs", str(self.options.runs))
        self.keep("kinds", rows, answer)

    def peers(self, rows):
        python = peer_python(os.path.abspath(self.options.peers))
        script = os.path.join(ROOT, "Benchmarks", "peers", "measure.py")
        base = ["--rows", str(rows), "--data", os.path.join(self.folder, "peers")]
        log = self.log(rows)
        for peer in PEERS:
            run([python, script, peer, *base, "--build-only"])
        # One after the other, so that each has the machine for itself.
        self.queries(rows, log)
        for peer in PEERS:
            self.keep(peer, rows, run([python, script, peer, *base, "--runs", str(self.options.runs)]))

    def part(self, name):
        rows = self.options.rows
        if name == "queries":
            self.queries(rows)
        elif name in ("kinds", "uncompacted"):
            getattr(self, name)(rows)
        elif name == "peers":
            self.peers(rows)
        elif name in ("history", "open"):
            self.keep(name, rows, self.bench(name, "--data", self.log(rows)))
        elif name in ("import", "append", "merges", "server", "profiles", "audiences", "kill"):
            scratch = os.path.join(self.folder, "scratch")
            further = {
                "server": ["--soak", str(self.options.soak)], "audiences": ["--rows", str(rows)],
                "kill": ["--kills", str(self.options.kills)],
            }
            self.keep(name, 0, self.bench(name, "--folder", scratch, *further.get(name, [])))
            shutil.rmtree(scratch, ignore_errors=True)
        elif name == "pages":
            script = os.path.join(ROOT, "Benchmarks", "pages.py")
            self.keep(name, rows, run([
                sys.executable, script, "--dangol", self.dangol, "--folder", os.path.join(self.folder, "pages"), "--rows", str(rows)]))
        elif name == "training":
            self.keep(name, 0, run([
                sys.executable, os.path.join(RECOMMEND, "scale.py"), "--dangol", self.dangol, "--folder",
                os.path.join(self.folder, "training")]))
        elif name == "decide":
            # The folder that 'training' leaves.
            self.keep(name, 0, self.bench("decide", "--data", os.path.join(self.folder, "training", "data")))
        elif name == "bandit":
            self.keep(name, 0, run([
                sys.executable, os.path.join(RECOMMEND, "bandit.py"), "--bench", self.options.bench, "--folder",
                os.path.join(self.folder, "bandit")]))
        elif name == "loop":
            scratch = os.path.join(self.folder, "scratch")
            self.keep(name, 0, {"lines": self.bench("loop", "--json", "--folder", scratch)})
        elif name == "off-policy":
            self.keep(name, 0, run([sys.executable, os.path.join(RECOMMEND, "offpolicy.py"), self.options.bench]))
        elif name == "generate":
            self.keep(name, 0, self.bench("generate"))
        elif name == "scale":
            self.scale()


# --- Machine --------------------------------------------------------------------------------------------------------

def machine():
    def field(path, name):
        try:
            with open(path) as file:
                for line in file:
                    if line.startswith(name):
                        return line.split(":", 1)[1].strip()
        except OSError:
            pass
        return "unknown"
    memory = field("/proc/meminfo", "MemTotal").split()
    size = f"{int(memory[0]) / 1024 / 1024:.0f} GB of memory" if memory[0].isdigit() else "memory unknown"
    return f"{field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, {size}, {platform.system()} {platform.release()}"


# --- Writing --------------------------------------------------------------------------------------------------------

def duration(seconds):
    if seconds >= 10:
        return f"{seconds:.1f} s"
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.001 else f"{seconds * 1e6:.0f} µs"


def size(count):
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def met(condition):
    return "met" if condition else "**missed**"


def table(header, rows):
    align = ["---"] + ["--:" for _ in header[1:]]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, align, *rows])


class Document:
    def __init__(self, results):
        self.results = results
        self.bars = []

    def get(self, part, rows):
        return self.results.get(part, {}).get(str(rows))

    def bar(self, what, figure, wanted, holds):
        self.bars.append([what, figure, wanted, met(holds)])

    def sizes(self):
        return sorted(int(rows) for rows in self.results.get("dangol", {}))

    def queries(self, rows):
        ours = self.get("dangol", rows)
        peers = {name: self.get(name, rows) for name in PEERS}
        if not ours or not all(peers.values()):
            return ""
        lines = []
        for name, words in QUESTIONS.items():
            our = ours["questions"].get(name)
            theirs = {peer: report["questions"].get(name) for peer, report in peers.items()}
            if not our or not all(theirs.values()):
                continue
            ratios = {peer: answer["seconds"] / our["seconds"] for peer, answer in theirs.items()}
            equal = all(answer["answer"] == our["answer"] and answer["formsAgree"] for answer in theirs.values())
            def ratio(peer, wanted):
                text = f"{ratios[peer]:.1f} x"
                return text if name in WITHOUT_BAR else f"{text}, {met(ratios[peer] >= wanted and equal)}"

            lines.append([
                words, duration(our["seconds"]),
                f"{duration(theirs['clickhouse']['seconds'])} ({theirs['clickhouse']['form']})", ratio("clickhouse", CLICKHOUSE_BAR),
                f"{duration(theirs['duckdb']['seconds'])} ({theirs['duckdb']['form']})", ratio("duckdb", DUCKDB_BAR),
                "equal" if equal else "**different**",
            ])
        versions = f"ClickHouse {peers['clickhouse']['version']}, DuckDB {peers['duckdb']['version']}"
        header = ["question", "Dangol", "ClickHouse (best form)", "bar: 10 x", "DuckDB (best form)", "bar: 30 x", "answers"]
        return (f"## {rows / 1e6:.0f} million events\n\n{versions}, two threads each, {ours['date']}.\n\n"
                + table(header, lines) + "\n\n" + self.disk(rows, ours, peers))

    def disk(self, rows, ours, peers):
        data = self.get("data", rows)
        if not data:
            return ""
        theirs = peers["clickhouse"]["bytesOnDisk"]
        same = data["bytesOnDisk"] - data["sequenceBytes"]
        ratio = same / theirs
        self.bar(f"disk of the same columns, {rows / 1e6:.0f} million events", f"{ratio:.2f} x ClickHouse", "at most 1.3 x",
                 ratio <= 1.3)
        memory = max(answer["peakMemoryBytes"] for answer in ours["questions"].values())
        self.bar(f"memory of a query beyond mapped files, {rows / 1e6:.0f} million events", size(memory), "below 500 MB", memory < 500e6)
        lines = [
            ["Dangol, in all", size(data["bytesOnDisk"]), f"{data['bytesOnDisk'] / rows:.1f}"],
            ["Dangol without sequence numbers, which the others do not keep", size(same), f"{same / rows:.1f}"],
            ["ClickHouse", size(theirs), f"{theirs / rows:.1f}"],
            ["DuckDB", size(peers["duckdb"]["bytesOnDisk"]), f"{peers['duckdb']['bytesOnDisk'] / rows:.1f}"],
        ]
        return table(["on disk", "size", "bytes an event"], lines) + "\n"

    def kinds(self):
        """Every kind of question, slowest first."""
        parts = []
        for rows, report in sorted(self.results.get("kinds", {}).items(), key=lambda item: int(item[0])):
            times = sorted(((answer["seconds"], name) for name, answer in report["questions"].items()), reverse=True)
            lines = [[name, duration(seconds)] for seconds, name in times]
            parts.append(f"## Every kind of question, {int(rows) / 1e6:.0f} million events\n\n"
                         "Asked as on a page ([Kinds.swift](../Sources/bench/Measure/Kinds.swift)), over 90 days unless a name says "
                         f"otherwise, on {report['threads']} threads.\n\n" + table(["question", "Dangol"], lines) + "\n")
            self.bar(f"the slowest kind of question, {int(rows) / 1e6:.0f} million events", f"{duration(times[0][0])} ({times[0][1]})",
                     "below 300 ms", times[0][0] < KIND_BAR_SECONDS)
        return parts

    def pages(self):
        """The console's pages on a large shop, slowest first."""
        parts = []
        for rows, report in sorted(self.results.get("pages", {}).items(), key=lambda item: int(item[0])):
            pages = report["pages"]
            lines = [[name, duration(page["firstSeconds"]), duration(page["seconds"])]
                     for name, page in sorted(pages.items(), key=lambda item: -item[1]["seconds"])]
            parts.append(f"## The console's pages, {int(rows) / 1e6:.0f} million events\n\n"
                         "A synthetic shop as an import leaves it, over the last ninety days, asked by one reader of a server that has "
                         "just started ([pages.py](../Benchmarks/pages.py)).\n\n"
                         + table(["page", "the first look", "later"], lines) + "\n")
            demo = report.get("demonstration")
            if demo:
                self.bar(f"the demonstration's year: {demo['events']:,} events of three businesses, with everything that follows",
                         duration(demo["seconds"]), "below 60 s", demo["seconds"] < 60)
                slow, name = max((page["seconds"], f"{business}/{name}") for business, pages in demo["pages"].items()
                                 for name, page in pages.items())
                first = max(page["firstSeconds"] for business in demo["pages"].values() for page in business.values())
                self.bar("the slowest page on the demonstration",
                         f"{duration(slow)} ({name}); at the first look {duration(first)}", "below 100 ms", slow < 0.1)
            slow = max((page["seconds"], name) for name, page in pages.items() if name.startswith("insights/") or name == "journey")
            self.bar(f"the slowest page of an insight, {int(rows) / 1e6:.0f} million events", f"{duration(slow[0])} ({slow[1]})",
                     "below 300 ms", slow[0] < PAGE_BAR_SECONDS)
        return parts

    def several(self):
        """A log in several segments beside the same log in one."""
        parts = []
        for rows, report in sorted(self.results.get("uncompacted", {}).items(), key=lambda item: int(item[0])):
            logs = [self.get("dangol", rows), self.get("apart", rows), report]
            if not all(logs):
                continue
            lines = []
            for name, words in QUESTIONS.items():
                asked = [log["questions"].get(name) for log in logs]
                if all(asked):
                    same = "equal" if all(one["answer"] == asked[0]["answer"] for one in asked) else "**different**"
                    lines.append([words, *(duration(one["seconds"]) for one in asked), same])
            parts.append(f"## {int(rows) / 1e6:.0f} million events in several segments\n\n"
                         f"The events of the last {APART_HOURS} hours apart, as they come to a server between compactions: who was not there\n"
                         f"lies in the large segment alone. And {UNCOMPACTED_SEGMENTS} segments with events of everybody in each, as the files of an\n"
                         "import before a compaction, put in order during the scan.\n\n"
                         + table(["question", "one segment", "the last day apart", f"{UNCOMPACTED_SEGMENTS} segments", "answers"], lines) + "\n")
        return parts

    def rest(self):
        for rows, report in sorted(self.results.get("history", {}).items(), key=lambda item: int(item[0])):
            times = report["warmMicroseconds"]
            figure = f"p50 {times['p50']:.0f} µs, p99 {times['p99']:.0f} µs"
            self.bar(f"one person's history, {int(rows) / 1e6:.0f} million events, warm", figure, "p99 below 100 µs", times["p99"] < 100)
        for rows, report in sorted(self.results.get("open", {}).items(), key=lambda item: int(item[0])):
            worst = max(report["readingWorst"], report["writingWorst"])
            figure = f"{duration(report['readingSeconds'])} to read, {duration(report['writingSeconds'])} to write"
            self.bar(f"opening a log of {int(rows) / 1e6:.0f} million events", figure, "below 1 s", worst < 1)
        for report in self.results.get("import", {}).values():
            for name, words, wanted in (("jsonLines", "importing JSON Lines", 500_000), ("csv", "importing CSV", 1_000_000),
                                        ("shop", "importing the synthetic shop (JSON Lines, wide)", None)):
                speed = report[name]["eventsPerSecond"]
                figure = f"{speed:,.0f} events/s ({report[name]['megabytesPerSecond']:,.0f} MB/s)"
                if wanted:
                    self.bar(words, figure, f"{wanted:,} events/s", speed >= wanted)
                else:
                    self.bars.append([words, figure, "no bar", ""])
        for report in self.results.get("append", {}).values():
            speed = report["eventsPerSecond"]
            figure = (f"{speed:,.0f} events/s, {report['syncs']:,} syncs for {report['appends']:,} batches, "
                      f"p99 {report['batchLatencyMicroseconds']['p99'] / 1000:.1f} ms")
            self.bar("durable batches of 100 from 8 writers", figure, "300,000 events/s", speed >= 300_000)
        for report in self.results.get("merges", {}).values():
            self.bars.append([
                f"{report['merges']:,} merges in lists of {report['list']}, a snapshot held and a history read after each",
                f"{report['mergesPerSecond']:,.0f} merges/s, history p50 {report['historyMicroseconds']['p50']:.0f} µs, "
                f"p99 {report['historyMicroseconds']['p99']:.0f} µs", "no bar", ""])
        for report in self.results.get("server", {}).values():
            full, steady, over = report["throughput"], report["latency"], report["overload"]
            self.bar(
                f"durable collection over HTTP, batches of 100, {full['bytesPerEvent']} bytes an event",
                f"{full['eventsPerSecond']:,.0f} events/s, {full['serverProcessorSecondsPerMillion']:.1f} processor "
                "seconds a million", "250,000 events/s", full["eventsPerSecond"] >= 250_000)
            p99 = steady["batchLatencyMicroseconds"]["p99"] / 1000
            self.bar(
                f"answer at {steady['offeredPerSecond']:,.0f} events/s beside queries",
                f"p50 {steady['batchLatencyMicroseconds']['p50'] / 1000:.1f} ms, p99 {p99:.1f} ms", "p99 below 50 ms",
                p99 < 50)
            heard = report.get("audiences")
            if heard:
                p99 = heard["latencyMicroseconds"]["p99"] / 1000
                self.bar(
                    f"event to Audience Entered at {heard['offeredPerSecond']:,.0f} events/s, {heard['audiences']} audiences",
                    f"p50 {heard['latencyMicroseconds']['p50'] / 1000:.0f} ms, p99 {p99:.0f} ms of {heard['entered']:,}, "
                    f"{heard['missing']} missing", "p99 below 1 s", p99 < 1000 and heard["missing"] == 0)
            self.bars.append([
                f"{over['connections']} connections with batches of 1,000, as fast as they can",
                f"{over['eventsPerSecond']:,.0f} events/s, {over['memoryBytesMost'] / 1e6:,.0f} MB at most, "
                + ", ".join(f"{count:,} x {status}" for status, count in sorted(over["statuses"].items())), "no bar", ""])
            self.bar(
                "memory of an idle server", f"{report['idleMemoryBytes'] / 1e6:.0f} MB", "below 120 MB",
                report["idleMemoryBytes"] < 120e6)
            self.bar(
                f"start of a server with {report['storedEvents'] / 1e6:.1f} million events",
                f"{report['restartMilliseconds']:.0f} ms", "below 2 s", report["restartMilliseconds"] < 2000)
            soak = report.get("soak")
            if soak:
                memory = soak["memoryBytes"]
                self.bar(
                    f"{soak['minutes']:.0f} minutes at {soak['eventsPerSecond']:,.0f} events/s",
                    f"{min(memory) / 1e6:,.0f} to {max(memory) / 1e6:,.0f} MB, {memory[-1] / 1e6:,.0f} MB at the end; "
                    f"{max(0, report['acknowledgedEvents'] - report['storedEvents'])} events missing", "flat memory",
                    memory[-1] < 1.2 * sorted(memory)[len(memory) // 2]
                    and report["storedEvents"] >= report["acknowledgedEvents"])
        for report in self.results.get("profiles", {}).values():
            for one, wanted in zip(report["runs"], (3, 10)):
                self.bar(
                    f"profiles after an import of {one['events']:,} events of {one['persons']:,} persons, {one['merges']:,} merges",
                    f"{duration(one['profilesSeconds'])} (the import {duration(one['importSeconds'])})", f"below {wanted} s",
                    one["profilesSeconds"] < wanted)
        for report in self.results.get("audiences", {}).values():
            events, people = report["events"] / 1e6, report["persons"]
            self.bars.append([
                f"profiles of {events:.0f} million events of {people:,} persons", duration(report["profilesSeconds"]), "no bar", ""])
            for name, words in (("dayLater", "a day later"), ("unchanged", "with nothing new"), ("first", "for the first time")):
                one = report[name]
                what = f"{report['audiences']} audiences over {events:.0f} million events and {people:,} persons, {words}"
                figure = (f"{duration(one['evaluationSeconds'])}, and {duration(one['commitSeconds'])} to store and announce "
                          f"{one['entered'] + one['left']:,} changes")
                self.bar(what, figure, "evaluated in less than 2 s", one["evaluationSeconds"] < 2)
        for report in self.results.get("kill", {}).values():
            self.bar(
                f"a server killed {report['kills']} times under load",
                f"{report['acknowledgedEvents']:,} acknowledged events, {report['missingEvents']} missing, "
                f"{report['repeatedEvents']} twice", "each there once",
                report["missingEvents"] == 0 and report["repeatedEvents"] == 0)
        for report in self.results.get("generate", {}).values():
            self.bars.append(["writing the synthetic shop", f"{report['eventsPerSecond']:,.0f} events/s", "no bar", ""])
        self.recommendations()
        for report in self.results.get("scale", {}).values():
            a, b = (report[str(rows)] for rows in SCALE_ROWS)
            self.bar(
                "a funnel over 100 million events against 30 million", f"{b / a:.2f} x ({duration(a)}, {duration(b)})",
                "below 4 x", b / a < 4)

    def recommendations(self):
        for report in self.results.get("training", {}).values():
            ours, theirs = report["dangol"], report["implicit"]
            what = (f"a model of {report['interactions'] / 1e6:.0f} million interactions, {report['persons']:,} persons, "
                    f"{report['items']:,} items, beside implicit's ALS")
            self.bar(
                what, f"{ours['fitSeconds']:.0f} s to fit ({ours['seconds']:.0f} s in all, {ours['bytes'] / 1e9:.1f} GB) and "
                f"NDCG@10 {ours['ndcg10']:.4f}; implicit {theirs['seconds']:.0f} s and {theirs['ndcg10']:.4f}",
                "faster at equal or better quality",
                ours["fitSeconds"] < theirs["seconds"] and ours["ndcg10"] >= theirs["ndcg10"])
        for report in self.results.get("decide", {}).values():
            times = report["latencyMicroseconds"]
            right = report["statuses"] == {"200": sum(report["statuses"].values())} and report["fallbacks"] == 0
            self.bar(
                f"/v1/decide at {report['offeredPerSecond']:,.0f} requests/s, {report['persons']:,} persons, 100,000 items",
                f"p50 {times['p50'] / 1000:.1f} ms, p99 {times['p99'] / 1000:.1f} ms, "
                f"{report['serverProcessorMicrosecondsPerRequest']:.0f} µs of processor a request, "
                f"{report['memoryBytes'] / 1e6:,.0f} MB", "p99 below 10 ms", times["p99"] < 10_000 and right)
        for report in self.results.get("bandit", {}).values():
            for name, side in {**report["policies"], **report["vowpalwabbit"]}.items():
                more = f" ({side['fromFilePerSecond']:,.0f} from a file)" if "fromFilePerSecond" in side else ""
                self.bars.append([
                    f"bandit of {report['actions']} actions with {report['features']} features: {name}",
                    f"{side['decisionsPerSecond']:,.0f} decisions/s{more}, misses {side['regret']:.4f} a decision "
                    f"(at random {report['randomRegret']:.4f})", "no bar", ""])

        for report in self.results.get("loop", {}).values():
            for line in report["lines"]:
                share = "relative" in line["name"] or "share" in line["name"]
                shown = [f"{value:.1%}" if share else f"{value:.3f}" for value in (line["mean"], line["low"], line["high"])]
                self.bars.append([f"closed loop, {line['name']}", f"{shown[0]} ({shown[1]} to {shown[2]})", "no bar", ""])
        for report in self.results.get("off-policy", {}).values():
            ours = report["drawn"]
            self.bar(
                "IPW of Thompson sampling from obp's decisions by chance",
                f"{ours['estimates']['IPW'][0]:.6f}, {ours['estimates']['IPW'][3]:.4f} x the policy in force, worth "
                f"{ours['effectiveDecisions']:,.0f} of {ours['decisions']:,} decisions; with the chances integrated in place of "
                f"drawn {report['integrated']['estimates']['IPW'][3]:.4f} x", "1.1981 x, as obp has it",
                abs(ours["estimates"]["IPW"][3] - 1.1981) < 0.0001)

    def text(self):
        parts = [self.queries(rows) for rows in self.sizes()] + self.kinds() + self.several() + self.pages()
        self.rest()
        machines = sorted({report["machine"] for part in self.results.values() for report in part.values()})
        return "\n".join([
            "# Benchmarks", "",
            "Written by `./dev bench`; do not edit. The figures are of the machine below, all sides on it, one after the other.", "",
            "**Machine**: " + "; ".join(machines) + ".", "",
            METHOD, "", *[part for part in parts if part],
            "## Everything else", "", table(["what", "measured", "bar", ""], self.bars), "",
        ])


METHOD = """\
**Data.** Synthetic events by a formula that all sides compute by themselves ([dataset.py](../Benchmarks/peers/dataset.py),
[SyntheticEvents.swift](../Sources/bench/Data/SyntheticEvents.swift)): 100 events a person in sessions, 30 event names from very
frequent to 1 in 100,000, 90 days, times in milliseconds, and three properties (city, amount, device).

**Peers.** ClickHouse through chDB: MergeTree ordered by (person, time), numeric person ids, LowCardinality strings, a skip index over
names, default compression, merged into one part. DuckDB: one file, sorted the same way, ENUM strings, times as integers. Each question is
asked in several forms ([clickhouse.py](../Benchmarks/peers/clickhouse.py), [duck.py](../Benchmarks/peers/duck.py)) and the fastest
counts. Dangol's persons are strings, its log is compacted, and a question is the JSON that a user writes.

**Times.** The median of the whole query inside the process, after a warm-up run; files are in the page cache. Answers are compared
value by value. A bar is met when the ratio reaches it and the
answers are equal."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--bench", required=True, help="the bench executable")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", default=os.path.join(ROOT, ".build-bench"))
    parser.add_argument("--peers", default=os.path.join(ROOT, ".build-peers"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--soak", type=float, default=0, help="minutes of a steady load at the end of 'server'")
    parser.add_argument("--kills", type=int, default=100, help="how often 'kill' kills the server")
    parser.add_argument("--write-only", action="store_true", help="write the document from the kept results")
    parser.add_argument("--document", default=os.path.join(ROOT, "docs", "BENCHMARKS.md"))
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part '{unknown[0]}'; the parts are {', '.join(PARTS)}")
    runner = Runner(options)
    if not options.write_only:
        for part in options.parts or ["queries", "import", "append", "generate", "history", "open"]:
            runner.part(part)
    os.makedirs(os.path.dirname(options.document), exist_ok=True)
    with open(options.document, "w") as file:
        file.write(Document(runner.results).text())
    print(f"bench: wrote {os.path.relpath(options.document)}", file=sys.stderr)


if __name__ == "__main__":
    main()
