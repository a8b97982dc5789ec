"""segment-analytics-python: tracks, and identifies every tenth person again."""

from driver import arguments, events, missing, report

try:
    from segment.analytics.client import Client
except ImportError:
    missing("segment-analytics-python")

url, key, count, seconds = arguments()
failed = []
client = Client(
    key, host=url, max_queue_size=1_000_000, max_retries=30, on_error=lambda error, batch: failed.extend(batch)
)
for n, person, name, properties in events(count, seconds, "segment"):
    if n % 10 == 9:
        client.identify(person, {"n": n, "plan": "pro"})
        report(person, "Identified", n)
    else:
        client.track(person, name, properties)
        report(person, name, n)
client.flush()
client.shutdown()
if failed:
    raise SystemExit(f"{len(failed)} events were given up")
