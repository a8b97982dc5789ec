#!/usr/bin/env python3
"""Uses the console as people do, in a real browser: each page's main tasks in Korean and English, on a desktop and on a
phone. No page may break a rule of WCAG 2.2 AA that axe can check, write an error to the browser's console, ask another host
for anything, or have something refused by its content security policy.

usage: Tests/Browser/run.py [--program PATH] [--screenshots FOLDER] [--only NAME] [--look NAME]

Installs Playwright and axe into .build/browser and drives the system's Chromium. Says so and ends with status 75 when they
cannot be had.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MISSING = 75
EMAIL, PASSWORD = "mina@example.com", "correct horse battery"


def interpreter():
    """The Python of a virtual environment that has Playwright."""
    folder = ROOT / ".build/browser"
    python = folder / "bin/python"
    done = folder / "installed"
    wanted = (ROOT / "Tests/Browser/requirements.txt").read_text()
    if done.exists() and done.read_text() == wanted:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *wanted.split()], check=True, stdout=subprocess.DEVNULL)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"Playwright cannot be installed here, so the console was not tried: {error}", file=sys.stderr)
        sys.exit(MISSING)
    done.write_text(wanted)
    return python


def chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    print("There is no Chromium here, so the console was not tried.", file=sys.stderr)
    sys.exit(MISSING)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PEOPLE = [
    ("kim", "김단골", "kim@example.com", "서울", "customer"), ("lee", "이서연", "lee@example.com", "부산", "customer"),
    ("park", "박지훈", "park@example.com", "서울", "partner"), ("grace", "Grace Hopper", "grace@example.com", "London", "customer"),
    ("ada", "Ada Lovelace", "ada@example.com", "London", "partner"), ("choi", "최유나", "choi@example.com", "대구", "customer"),
    ("x1", "<script>alert(1)</script>", "x1@example.com", "\"><img src=x onerror=alert(2)>", "customer"),
]


def people_lines():
    """People with names of both languages, one of whom is up to no good, and what they did in the last weeks."""
    import datetime
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    for place, (person, name, email, city, role) in enumerate(PEOPLE):
        start = now - datetime.timedelta(days=20 - place, hours=3)

        def line(kind, minutes, **members):
            time = (start + datetime.timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
            return json.dumps(
                {"type": kind, "messageId": f"{person}-{minutes}-{kind}", "timestamp": time,
                 "context": {"library": {"name": "test"}}, **members}, ensure_ascii=False)

        yield line("page", 0, anonymousId=f"device-{person}", name="첫 화면", properties={"path": "/"})
        yield line("identify", 2, userId=person, anonymousId=f"device-{person}",
                   traits={"name": name, "email": email, "city": city, "role": role, "phone": f"010-1234-56{place}0"})
        for order in range(1 + place % 3):
            yield line("track", 200 + order * 1500, userId=person, event="Product Viewed", properties={"title": "무선 이어폰", "price": 52000})
            yield line("track", 205 + order * 1500, userId=person, event="Order Completed", properties={"total": 52000 + order, "coupon": "단골10"})
    for n in range(90):
        time = (now - datetime.timedelta(days=3, minutes=200 - n)).isoformat().replace("+00:00", "Z")
        yield json.dumps({"type": "track", "messageId": f"many-{n}", "timestamp": time, "userId": "kim", "event": "Product Viewed",
                          "properties": {"title": f"상품 {n}", "price": 1000 + n}}, ensure_ascii=False)


def content_lines():
    """People who watch: some like dramas and finish them, others begin action; a search that finds nothing."""
    import datetime
    start = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) - datetime.timedelta(days=20)
    for viewer in range(80):
        likes = viewer % 2 == 0

        def line(event, minutes, **properties):
            time = (start + datetime.timedelta(minutes=minutes + viewer)).isoformat().replace("+00:00", "Z")
            return json.dumps(
                {"type": "track", "messageId": f"watch-{viewer}-{minutes}-{event}", "timestamp": time, "userId": f"viewer-{viewer}",
                 "event": event, "properties": properties}, ensure_ascii=False)

        for place in range(4):
            drama = (place + viewer) % 4 > 0 if likes else (place + viewer) % 4 == 0
            title, begin = f"{'series' if drama else 'film'}-{(place + viewer) % 5}", place * 200
            about = {"titleId": title, "genre": "drama" if drama else "action", "kind": "series", "season": 1, "episode": 1, "duration": 2400}
            yield line("Playback Started", begin, position=0, **about)
            if likes or viewer % 3 == 0:
                yield line("Playback Completed", begin + 40, position=2400, **about)
            else:
                yield line("Playback Stopped", begin + 12 + viewer % 5, position=720 + viewer % 5 * 60, **about)
        if viewer % 4 == 0:
            yield line("Product Searched", 900, query="겨울왕구")


class Server:
    """A server on a small shop and a few people who can be told apart."""

    def __init__(self, program, folder):
        self.program, self.data, self.port = program, str(folder / "data"), free_port()
        shop, people = folder / "shop.jsonl", folder / "people.jsonl"
        self.run("generate", "--events", "12000", "--seed", "7", "--output", str(shop))
        people.write_text("\n".join(people_lines()) + "\n")
        watching = folder / "watching.jsonl"
        watching.write_text("\n".join(content_lines()) + "\n")
        for file in (shop, people, watching):
            self.run("import", str(file), "--data", self.data)
        self.run("user", "add", EMAIL, "--name", "Mina", "--role", "owner", "--everywhere", "--password-stdin", "--data", self.data,
                 input=PASSWORD + "\n")
        self.key = self.run("key", "create", "--data", self.data, "--kind", "write").strip()
        environment = {**os.environ, "LANG": "ko_KR.UTF-8"}
        self.process = subprocess.Popen(
            [program, "serve", "--data", self.data, "--port", str(self.port), "--log-level", "warning"],
            stdout=subprocess.PIPE, text=True, env=environment)
        line = self.process.stdout.readline()
        if "Listening on" not in line:
            raise SystemExit(f"the server did not start: {line!r}")
        self.address = f"http://127.0.0.1:{self.port}"

    def run(self, *arguments, input=None):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, input=input)
        if done.returncode != 0:
            raise SystemExit(f"dangol {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=str(ROOT / ".build/debug/dangol"))
    parser.add_argument("--screenshots", help="writes pictures of every page into this folder instead of testing")
    parser.add_argument("--only", help="runs the tasks whose name this regular expression finds")
    parser.add_argument("--look", help="runs as whoever sees the console like this only: 'ko phone'")
    options = parser.parse_args()
    browser, python = chromium(), interpreter()
    # Two at a time, each with a server of its own: what one does to the tracking plan must not be in the other's way.
    looks = [["en desktop light", "ko phone dark"], ["ko desktop dark", "en phone light"]]
    if options.look or options.screenshots:
        looks = [[options.look or ""]]

    def run(number):
        with tempfile.TemporaryDirectory(prefix="dangol-browser-") as folder:
            server = Server(options.program, pathlib.Path(folder))
            try:
                command = [python, str(ROOT / "Tests/Browser/drive.py"), server.address, browser, "--write-key", server.key]
                for name in ("screenshots", "only"):
                    if getattr(options, name):
                        command += [f"--{name}", getattr(options, name)]
                return max(subprocess.run([*command, "--look", look]).returncode for look in looks[number])
            finally:
                server.end()

    with concurrent.futures.ThreadPoolExecutor(len(looks)) as pool:
        sys.exit(max(pool.map(run, range(len(looks)))))


if __name__ == "__main__":
    main()
