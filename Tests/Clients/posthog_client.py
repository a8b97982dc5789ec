"""posthog: captures with $set, and an alias for every fiftieth."""

from driver import arguments, events, missing, report

try:
    from posthog import Posthog
except ImportError:
    missing("posthog")

url, key, count, seconds = arguments()
failed = []
client = Posthog(
    key, host=url, max_queue_size=1_000_000, max_retries=30, on_error=lambda error, batch: failed.extend(batch)
)
for n, person, name, properties in events(count, seconds, "posthog"):
    client.capture(name, distinct_id=person, properties=dict(properties, **{"$set": {"last": n}}))
    report(person, name, n)
client.flush()
client.shutdown()
if failed:
    raise SystemExit(f"{len(failed)} events were given up")
