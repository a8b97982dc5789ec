#!/usr/bin/env python3
"""Takes the pictures of the documents from a running demonstration, in Korean and English.

usage: Tests/Browser/pictures.py LINK [FOLDER]

LINK is what `dangol demo` prints and works once; FOLDER is docs/pictures unless it is named. Needs playwright (PyPI) and a
Chromium on the path.
"""

import pathlib
import shutil
import sys

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Name, workspace and page, language, theme, size.
PICTURES = [
    ("home-ko", "shop/home", "ko", "light", (1280, 860)),
    ("journey-en", "shop/journey?days=90", "en", "light", (1280, 860)),
    ("funnel-ko", "shop/insights/funnel", "ko", "light", (1280, 860)),
    ("live-ko", "home/live", "ko", "dark", (1280, 860)),
    ("phone-ko", "cinema/home", "ko", "light", (390, 844)),
]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    link = sys.argv[1]
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs/pictures"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if chromium is None:
        sys.exit("there is no Chromium on the path")
    origin = link.split("/signin")[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        first = browser.new_context()
        first.new_page().goto(link)
        session = first.storage_state()
        for name, path, language, theme, (width, height) in PICTURES:
            context = browser.new_context(
                storage_state=session, locale={"ko": "ko-KR", "en": "en-US"}[language], timezone_id="Asia/Seoul",
                color_scheme=theme, viewport={"width": width, "height": height})
            page = context.new_page()
            page.goto(f"{origin}/w/{path}")
            page.wait_for_timeout(2500 if "live" in path else 1200)
            page.screenshot(path=folder / f"{name}.png")
            print(folder / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
