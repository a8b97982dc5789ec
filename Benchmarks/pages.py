"""How quickly the console's pages answer on a large shop: `./dev bench pages`.

Makes a synthetic shop of so many events, imports it, and asks a server for each page as a browser does, signed in, with its
standard question over the last ninety days: the first look, and the median of the next ones. Prints JSON: for each page both in seconds, and its bytes.
"""

import argparse
import datetime
import http.cookiejar
import json
import os
import shutil
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


class Server:
    def __init__(self, program, data):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [program, "serve", "--data", data, "--port", str(port), "--log-level", "warning"], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if "Listening on" not in line:
            raise SystemExit(f"the server did not start: {line!r}")
        self.address = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = urllib.parse.urlencode({"email": EMAIL, "password": PASSWORD}).encode()
        request = urllib.request.Request(self.address + "/signin", form, {"Origin": self.address})
        with self.opener.open(request) as answer:
            self.start = answer.geturl().rsplit("/", 1)[0]

    def get(self, page):
        """The seconds until a whole page is there, and its bytes."""
        begun = time.perf_counter()
        with self.opener.open(f"{self.start}/{page}") as answer:
            body = answer.read()
        return time.perf_counter() - begun, body

    def end(self):
        self.process.terminate()
        self.process.wait()


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


def measure(server, runs):
    pages = {}
    for page in PAGES:
        first, body = server.get(page)
        times = [server.get(page)[0] for _ in range(runs)]
        pages[page] = {"firstSeconds": first, "seconds": statistics.median(times), "bytes": len(body)}
        print(f"pages: {page} {first * 1000:.0f} ms, then {pages[page]['seconds'] * 1000:.0f} ms", file=sys.stderr)
    return pages


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dangol", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    data = shop(options.dangol, options.folder, options.rows)
    server = Server(options.dangol, data)
    try:
        pages = measure(server, options.runs)
    finally:
        server.end()
    print(json.dumps({"events": options.rows, "pages": pages}))


if __name__ == "__main__":
    main()
