"""Drives a browser through the console of a running server: see run.py."""

import argparse
import json
import pathlib
import re
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import tasks

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Both languages, both sizes, both themes.
COMBINATIONS = (("en", "desktop", "light"), ("ko", "phone", "dark"), ("ko", "desktop", "dark"), ("en", "phone", "light"))
SIZES = {"desktop": (1360, 900), "phone": (390, 844)}


class Texts:
    """The texts of a language, as the pages show them."""

    def __init__(self, language):
        self.all = {}
        for file in (ROOT / "Sources/Server/Console/Resources/strings").glob(f"*.{language}.json"):
            area = file.name.split(".")[0]
            for key, text in json.loads(file.read_text()).items():
                self.all[f"{area}.{key}"] = text

    def __getitem__(self, key):
        return self.all[key]


class Console:
    """The console as one person sees it: a language, a size, a theme."""

    def __init__(self, browser, address, language, size, theme):
        self.address, self.language, self.size, self.texts = address, language, size, Texts(language)
        self.name = f"{language} {size} {theme}"
        # For names that may be there once only, also when a server is used again.
        self.run = f"{self.name} {int(time.time()) % 1000000}"
        width, height = SIZES[size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale=language, has_touch=size == "phone",
            reduced_motion="reduce", timezone_id="Asia/Seoul", permissions=["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.problems, self.where = [], ""
        self.page.on("console", lambda message: message.type == "error" and self.note(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.note(f"script: {error}"))
        self.page.on("dialog", lambda dialog: (self.note(f"a dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self.check_host(request.url))
        self.page.on("response", lambda answer: answer.status >= 404 and self.note(f"status of {answer.status}: {answer.url}"))
        self.expected = []
        self.seen = []
        self.write_key = ""

    def note(self, text):
        # What a task provokes on purpose.
        if not any(part in text for part in self.expected):
            self.problems.append(f"{self.name}, {self.where}: {text}")

    def check_host(self, url):
        if not url.startswith((self.address, "data:", "blob:")):
            self.note(f"asked another host: {url}")

    def t(self, key):
        return self.texts[key]

    def open(self, path, status=200):
        """Opens a page below the workspace, and looks at it."""
        self.where = path
        answer = self.page.goto(f"{self.address}/w/default/{path}" if not path.startswith("/") else self.address + path)
        if answer.status != status:
            self.note(f"status {answer.status}")
        self.look(path)
        return self.page

    def overflow(self):
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def look(self, name):
        """What has to hold for every page as it is now."""
        self.where = name
        self.seen.append(name)
        if self.overflow() > 1:
            # Not while it is still being laid out.
            self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 300)))")
            if (width := self.overflow()) > 1:
                self.note(f"{width} px wider than the window")
        text = self.page.evaluate("document.body.innerText")
        raw = re.search(r"\{[a-z]+(\|[^}]*)?\}|\b(people|person|audience|audiences|data|import|insights|intent|items|journey|settings|home|live)\.[a-z]+[A-Z]\w*\b", text)
        if raw:
            self.note(f"a text is missing: {raw.group(0)}")
        results = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES}})
        for violation in results.response["violations"]:
            nodes = "; ".join(node["html"][:140] for node in violation["nodes"][:3])
            self.note(f"axe {violation['id']}: {violation['help']} — {nodes}")

    def sign_in(self, email, password):
        self.where = "signin"
        self.page.goto(self.address + "/signin")
        self.look("signin")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("main form button.primary")
        self.page.wait_for_url("**/home")

    def expect(self, condition, what):
        if not condition:
            self.note(f"expected {what}")


def test(browser, options):
    problems = []
    for language, size, theme in COMBINATIONS:
        if options.look not in f"{language} {size} {theme}":
            continue
        console = Console(browser, options.address, language, size, theme)
        console.write_key = options.write_key
        started = time.monotonic()
        console.sign_in(tasks.EMAIL, tasks.PASSWORD)
        for name, task in tasks.ALL:
            if options.only and not re.search(options.only, name):
                continue
            console.where = name
            try:
                task(console)
            except Exception as error:  # noqa: BLE001 — whatever stopped a task is what is reported
                console.problems.append(f"{console.name}, {console.where} ({name}): {str(error)[:600]}")
        problems += console.problems
        print(f"{console.name}: {len(console.seen)} looks in {time.monotonic() - started:.0f} s, "
              f"{len(console.problems)} problems", file=sys.stderr)
        console.context.close()
        for problem in console.problems:
            print(problem, flush=True)
    return 1 if problems else 0


def screenshots(browser, options):
    folder = pathlib.Path(options.screenshots)
    for language in ("en", "ko"):
        for size, theme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")):
            if options.look not in f"{language} {size} {theme}":
                continue
            console = Console(browser, options.address, language, size, theme)
            console.look = lambda name: None
            console.sign_in(tasks.EMAIL, tasks.PASSWORD)
            place = folder / f"{language}-{size}-{theme}"
            place.mkdir(parents=True, exist_ok=True)
            for name, path in tasks.pictures(console):
                if options.only and not re.search(options.only, name):
                    continue
                console.page.goto(f"{options.address}/w/default/{path}")
                console.page.wait_for_load_state("networkidle") if name != "live" else console.page.wait_for_timeout(300)
                console.page.screenshot(path=place / f"{name}.png", full_page=size == "desktop")
            console.context.close()
    print(f"Pictures are in {folder}.", file=sys.stderr)
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("chromium")
    parser.add_argument("--screenshots")
    parser.add_argument("--only")
    parser.add_argument("--look", default="")
    parser.add_argument("--write-key", default="", help="for what somebody does while the console is open")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        status = screenshots(browser, options) if options.screenshots else test(browser, options)
        browser.close()
    sys.exit(status)


if __name__ == "__main__":
    main()
