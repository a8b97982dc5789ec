"""Runs /dangol.js in Chromium against a stand-in for the server, and checks what it sends.

Needs playwright (PyPI) and a Chromium that is on the path; without them it says so and ends with status 75.
"""

import http.server
import json
import pathlib
import shutil
import sys
import threading

from driver import MISSING, missing

try:
    from playwright.sync_api import sync_playwright
except ImportError:
    missing("playwright")

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
if CHROMIUM is None:
    print("there is no Chromium on the path", file=sys.stderr)
    sys.exit(MISSING)

SCRIPT = pathlib.Path(__file__).parents[2] / "Browser/dangol.min.js"
PAGE = """<!doctype html><title>Shop</title><body style="height:5000px">
<button id=add data-dangol-event="Product Added" data-dangol-sku="7" data-dangol-price-krw="900"><b>Add</b></button>
<form data-dangol-form="Sign Up" onsubmit="return false"><input name=email><input name=phone><button>Go</button></form>
<script src="/dangol.js" data-key="wk" %s></script>"""


class Server(http.server.ThreadingHTTPServer):
    bodies = []
    failing = False

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            script = self.path == "/dangol.js"
            body = SCRIPT.read_text() if script else PAGE % ('data-consent="required"' if "ask" in self.path else "")
            self.answer(200, body, "text/javascript" if script else "text/html; charset=utf-8")

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.server.failing:
                return self.answer(503, "{}")
            self.server.bodies.append(json.loads(body))
            self.answer(200, '{"success":true}')

        def answer(self, status, text, kind="application/json"):
            data = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    def events(self):
        return [event for body in self.bodies for event in body["batch"]]

    def names(self):
        return [event.get("event", event["type"]) for event in self.events()]


def until(page, condition, what, seconds=15):
    for _ in range(int(seconds * 20)):
        if condition():
            return
        page.wait_for_timeout(50)
    raise SystemExit(f"{what} did not happen; sent: {server.names()}")


def check(holds, what):
    if not holds:
        raise SystemExit(f"{what} does not hold; sent: {json.dumps(server.events(), ensure_ascii=False)[:3000]}")


server = Server(("127.0.0.1", 0), Server.Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
origin = f"http://127.0.0.1:{server.server_port}"

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul").new_page()
    page.on("pageerror", lambda error: sys.exit(f"the script failed: {error}"))
    page.goto(origin + "/?utm_source=naver")
    until(page, lambda: "page" in server.names(), "the page view")
    view = next(event for event in server.events() if event["type"] == "page")
    check(server.bodies[0]["writeKey"] == "wk", "the write key")
    check(view["context"]["page"]["url"].endswith("?utm_source=naver"), "the address")
    check(view["context"]["timezone"] == "Asia/Seoul" and view["context"]["locale"] == "ko-KR", "zone and locale")
    check("Session Started" in server.names(), "a session")

    page.click("#add b")
    until(page, lambda: "Product Added" in server.names(), "the click")
    click = next(event for event in server.events() if event.get("event") == "Product Added")
    check(click["properties"] == {"sku": "7", "priceKrw": "900"}, "the data attributes")
    page.fill("[name=email]", "secret@example.com")
    page.fill("[name=phone]", "010")
    page.click("form button")
    page.evaluate("scrollTo(0, 2600)")
    page.evaluate("history.pushState({}, '', '/second')")
    page.evaluate("dangol.identify('u1', {plan: 'pro'})")
    until(page, lambda: {"Form Submitted", "Page Scrolled", "identify"} <= set(server.names()), "forms and scrolling")
    check("secret" not in json.dumps(server.bodies), "what is written into forms stays there")
    check(server.names().count("page") == 2, "a page view after pushState")

    server.failing = True
    page.evaluate("dangol.track('While Away', {a: 1})")
    page.wait_for_timeout(1500)
    page.goto("about:blank")
    # The beacon of the page that ended is refused as well.
    page.wait_for_timeout(500)
    server.failing = False
    page.goto(origin + "/third")
    until(page, lambda: "While Away" in server.names(), "the event of the page before")
    away = [event["messageId"] for event in server.events() if event.get("event") == "While Away"]
    check(len(set(away)) == 1, "one message id")
    vitals = [event for event in server.events() if event.get("event") == "Web Vitals Measured"]
    check(vitals and vitals[0]["properties"]["lcp"] >= 0 and "cls" in vitals[0]["properties"], "web vitals")
    check(len({event["anonymousId"] for event in server.events()}) == 1, "one anonymous id")

    server.bodies.clear()
    other = browser.new_context().new_page()
    other.goto(origin + "/ask")
    other.click("#add")
    other.wait_for_timeout(1500)
    check(not server.bodies, "nothing before consent")
    check(other.evaluate("localStorage.getItem('dangol.anonymousId')") is None, "no id before consent")
    other.evaluate("dangol.consent(true)")
    until(other, lambda: "Product Added" in server.names(), "what was held back")
    consent = next(event for event in server.events() if event.get("event") == "Consent Changed")
    check(consent["properties"] == {"purpose": "tracking", "granted": True}, "the consent")
    server.bodies.clear()
    other.evaluate("dangol.consent(false)")
    other.click("#add")
    until(other, lambda: "Consent Changed" in server.names(), "the refusal")
    other.wait_for_timeout(1500)
    check(server.names() == ["Consent Changed"], "nothing after a refusal")
    browser.close()
print("the browser script does what it should")
