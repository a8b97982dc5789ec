"""What the drivers share: arguments, the events to send, and the report."""

import json
import sys
import time

MISSING = 75


def arguments():
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} URL WRITE_KEY [COUNT] [SECONDS]")
    url, key = sys.argv[1].rstrip("/"), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 0
    return url, key, count, seconds


def missing(package):
    print(f"{package} is not installed: see Tests/Clients/README.md", file=sys.stderr)
    sys.exit(MISSING)


def events(count, seconds, prefix):
    """Events spread over some time: (number, person, name, properties)."""
    start = time.monotonic()
    for n in range(count):
        ahead = start + seconds * n / max(1, count) - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        properties = {"n": n, "price": n / 4, "city": "서울", "tags": ["a", str(n % 3)]}
        if n % 10 == 0:
            properties["items"] = [{"sku": f"s{n}", "count": 1}, {"sku": "x"}]
        yield n, f"{prefix}-user-{n % 97}", f"{prefix} event {n % 5}", properties


def report(person, event, n):
    print(json.dumps({"person": person, "event": event, "n": n}, ensure_ascii=False))
