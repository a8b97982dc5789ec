"""amplitude-analytics: events with device ids and user properties, to the HTTP endpoint."""

from driver import arguments, events, missing, report

try:
    from amplitude import Amplitude, BaseEvent
except ImportError:
    missing("amplitude-analytics")

url, key, count, seconds = arguments()
failed = []
client = Amplitude(key)
client.configuration.server_url = url + "/2/httpapi"
client.configuration.flush_max_retries = 60
client.configuration.flush_queue_size = 100


def answered(event, code, message=None):
    if code != 200:
        failed.append((event.event_type, code, message))


client.configuration.callback = answered
for n, person, name, properties in events(count, seconds, "amplitude"):
    client.track(
        BaseEvent(name, user_id=person, device_id="dev-" + person, event_properties=properties,
                  user_properties={"last": n})
    )
    report(person, name, n)
client.flush()
client.shutdown()
if failed:
    raise SystemExit(f"{len(failed)} events were given up: {failed[:3]}")
