"""How quickly the console's pages answer on a large shop, and on the demonstration: `./dev bench pages`.

Makes a synthetic shop of so many events, imports it, and asks a server for each page as a browser does, signed in, with its
standard question over the last ninety days: the first look, and the median of the next ones. The demonstration is made anew, which
is timed, and every page of its businesses is looked at. Prints JSON: for each page both times in seconds, and its bytes.
"""

import argparse
import datetime
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

EMAIL, PASSWORD = "bench@example.com", "correct horse battery"
INSIGHTS = ["funnel", "retention", "trends", "paths", "lifecycle", "stickiness", "sessions", "correlation"]
PAGES = ["home", "live", "people", *(f"insights/{kind}" for kind in INSIGHTS), "journey", "insights", "audiences", "data", "items",
         "recommendations", "content", "settings"]
MORE_PAGES = ["recommendations/decisions", "recommendations/models", "content/watching", "content/gaps", "intent", "insights/dashboards"]


class Console:
    """A server's console as a browser that is signed in sees it."""

    def __init__(self, command, sign_in):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                # `…/w/WORKSPACE/home`
                self.start = sign_in(self.opener, found[0]).rsplit("/", 2)[0]
                return
        raise SystemExit("the server did not start")

    def get(self, page):
        """The seconds until a whole page is there, and its bytes."""
        begun = time.perf_counter()
        with self.opener.open(f"{self.start}/{page}") as answer:
            body = answer.read()
        return time.perf_counter() - begun, body

    def measure(self, workspace, pages, runs):
        """For each page the first look and the median of the next ones in seconds, and its bytes."""
        measured = {}
        for page in pages:
            first, body = self.get(f"{workspace}/{page}")
            times = [self.get(f"{workspace}/{page}")[0] for _ in range(runs)]
            measured[page] = {"firstSeconds": first, "seconds": statistics.median(times), "bytes": len(body)}
            print(f"pages: {workspace}/{page} {first * 1000:.0f} ms, then {measured[page]['seconds'] * 1000:.0f} ms", file=sys.stderr)
        return measured

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def by_password(opener, address):
    form = urllib.parse.urlencode({"email": EMAIL, "password": PASSWORD}).encode()
    with opener.open(urllib.request.Request(address + "/signin", form, {"Origin": address})) as answer:
        return answer.geturl()


def by_link(opener, link):
    with opener.open(link) as answer:
        return answer.geturl()


def shop(dangol, folder, rows):
    """The folder with the shop's data, made when it is missing."""
    data = os.path.join(folder, f"shop-{rows}")
    if os.path.exists(os.path.join(data, "done")):
        return data
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(data)
    today = datetime.date.today()
    generate = subprocess.Popen(
        [dangol, "generate", "--events", str(rows), "--persons", str(rows // 100), "--seed", "3", "--from",
         str(today - datetime.timedelta(days=120)), "--to", str(today - datetime.timedelta(days=1))], stdout=subprocess.PIPE)
    subprocess.run([dangol, "import", "-", "--data", data], stdin=generate.stdout, check=True, stdout=sys.stderr)
    if generate.wait() != 0:
        raise SystemExit("the shop could not be generated")
    subprocess.run(
        [dangol, "user", "add", EMAIL, "--name", "Bench", "--role", "owner", "--everywhere", "--password-stdin", "--data", data],
        input=PASSWORD + "\n", text=True, check=True, stdout=sys.stderr)
    # Brings the profiles up to date, which a server would do beside the measuring.
    subprocess.run([dangol, "people", "search", "--limit", "1", "--data", data], check=True, stdout=subprocess.DEVNULL)
    open(os.path.join(data, "done"), "w").close()
    return data


def demonstration(dangol, folder, runs):
    """Makes the demonstration anew and looks at every page of its businesses."""
    data = os.path.join(folder, "demo")
    shutil.rmtree(data, ignore_errors=True)
    begun = time.perf_counter()
    made = subprocess.run([dangol, "demo", "--no-server", "--data", data], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - begun
    events = int(re.search(r"([\d,]+) events of a year", made.stdout + made.stderr)[1].replace(",", ""))
    console = Console([dangol, "demo", "--data", data, "--port", str(free_port())], by_link)
    try:
        pages = {business: console.measure(business, PAGES + MORE_PAGES, runs) for business in ("cinema", "home", "shop")}
    finally:
        console.end()
    shutil.rmtree(data, ignore_errors=True)
    return {"seconds": seconds, "events": events, "pages": pages}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dangol", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    data = shop(options.dangol, options.folder, options.rows)
    command = [options.dangol, "serve", "--data", data, "--port", str(free_port()), "--log-level", "warning"]
    console = Console(command, by_password)
    try:
        pages = console.measure("default", PAGES, options.runs)
    finally:
        console.end()
    demo = demonstration(options.dangol, options.folder, options.runs)
    print(json.dumps({"events": options.rows, "pages": pages, "demonstration": demo}))


if __name__ == "__main__":
    main()
