#!/usr/bin/env python3
"""Lets the SDKs send thousands of events each to a server that is killed and started again under them, and compares
what arrived with what was sent: every event, once.

usage: Tests/Clients/run.py [--events N] [--seconds N] [--program PATH]

Installs the SDKs into .build/clients. Says so and ends with status 75 when they cannot be had.
"""

import argparse
import collections
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = ["segment", "rudder", "amplitude", "posthog"]
MISSING = 75


def interpreter():
    """The Python of a virtual environment that has the SDKs."""
    folder = ROOT / ".build/clients"
    python = folder / "bin/python"
    done = folder / "installed"
    wanted = (ROOT / "Tests/Clients/requirements.txt").read_text()
    if done.exists() and done.read_text() == wanted:
        return python
    packages = [line for line in wanted.split() if line and not line.startswith("playwright")]
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True, stdout=subprocess.DEVNULL)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"The SDKs cannot be installed here, so they were not tried: {error}", file=sys.stderr)
        sys.exit(MISSING)
    done.write_text(wanted)
    return python


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server on one port, which goes away and comes back."""

    def __init__(self, program, data):
        self.program, self.data, self.port = program, data, free_port()
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--port", str(self.port), "--log-level", "warning"],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if "Listening on" not in line:
            raise SystemExit(f"the server did not start: {line!r}")

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait()
        self.process.stdout.close()


def key(program, data):
    made = subprocess.run(
        [program, "key", "create", "--data", data, "--kind", "write"], check=True, capture_output=True, text=True)
    return made.stdout.strip()


def stored(program, data):
    """How often each (person, event, n) is in the log."""
    exported = subprocess.run([program, "export", "--data", data], check=True, capture_output=True, text=True)
    found = collections.Counter()
    for line in exported.stdout.splitlines():
        event = json.loads(line)
        values = {**event.get("traits", {}), **event.get("properties", {})}
        name = event.get("event") or {"identify": "Identified"}.get(event["type"], event["type"])
        if "n" in values:
            found[(event.get("userId") or event.get("anonymousId"), name, int(values["n"]))] += 1
    return found


def run(client, python, server, write_key, options):
    command = [
        python, ROOT / f"Tests/Clients/{client}_client.py", f"http://127.0.0.1:{server.port}", write_key,
        str(options.events), str(options.seconds),
    ]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output = {}
    reading = threading.Thread(target=lambda: output.update(zip("oe", driver.communicate())))
    reading.start()
    # Away twice: once killed without notice, once in order.
    for number in (signal.SIGKILL, signal.SIGTERM):
        reading.join(options.seconds / 3)
        server.end(number)
        reading.join(0.4)
        server.start()
    reading.join(180)
    if reading.is_alive():
        driver.kill()
        raise SystemExit(f"{client}: did not come to an end")
    if driver.returncode == MISSING:
        raise SystemExit(output["e"].strip())
    if driver.returncode != 0:
        raise SystemExit(f"{client}: ended with {driver.returncode}\n{output['e'][-2000:]}")
    return collections.Counter(
        (sent["person"], sent["event"], sent["n"]) for sent in map(json.loads, output["o"].splitlines()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--program", default=str(ROOT / ".build/debug/dangol"))
    parser.add_argument("clients", nargs="*", default=CLIENTS)
    options = parser.parse_args()
    python = interpreter()
    failed = 0
    for client in options.clients:
        with tempfile.TemporaryDirectory() as data:
            server = Server(options.program, data)
            start = time.monotonic()
            try:
                sent = run(client, python, server, key(options.program, data), options)
            finally:
                server.end(signal.SIGTERM)
            arrived = stored(options.program, data)
            lost, more = sent - arrived, arrived - sent
            print(f"{client}: {sent.total()} sent, {arrived.total()} stored, {time.monotonic() - start:.1f} s", flush=True)
            if lost or more:
                failed += 1
                print(f"  missing {lost.total()}: {list(lost)[:3]}\n  too many {more.total()}: {list(more)[:3]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
