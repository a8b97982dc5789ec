"""The tasks of insights: questions, people behind numbers, what is saved, dashboards, links, the journey map."""

KINDS = ("trends", "funnel", "retention", "paths", "lifecycle", "stickiness", "sessions", "correlation", "journeyMap")


def settle(page):
    """Until a builder has answered."""
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")


def unfold(console):
    """The question, which is folded above its answer on a phone."""
    if console.size == "phone":
        console.page.click(".ask-fold > summary")
        console.page.wait_for_selector(".ask-form", state="visible")


def insight_folded(console):
    """On a phone the answer comes first: the question unfolds, is changed, and makes way for its answer again. On a wide
    screen both are there. By keyboard, and without a script."""
    page = console.open("insights/trends?series.0.event=*&days=90")
    top = page.locator(".answer-card").bounding_box()["y"]
    if console.size == "desktop":
        console.expect(page.locator(".ask-form").is_visible(), "the question beside its answer")
        console.expect(not page.locator(".ask-fold > summary").is_visible(), "nothing to unfold")
        console.expect(top < 400, "the answer beside the question")
    else:
        console.expect(not page.locator(".ask-form").is_visible(), "the question to be folded")
        console.expect(top < 600, f"the answer within the first screen, not at {top}")
        page.focus(".ask-fold > summary")
        page.keyboard.press("Enter")
        page.wait_for_selector(".ask-form", state="visible")
        console.look("an unfolded question")
        # A row that is added keeps it open.
        page.click('button[name=add][value="filters"]')
        page.wait_for_selector('[name="filters.0.name"]:focus')
        console.expect(page.locator(".ask-form").is_visible(), "the question to stay open while it is changed")
        page.click('button[name=remove][value="filters.0"]')
        page.wait_for_selector('[name="filters.0.name"]', state="detached")
        settle(page)
        page.click(".ask-form .run")
        page.wait_for_selector(".ask-form", state="hidden")
        console.expect(page.evaluate("document.activeElement.id") == "answer", "the keyboard to go on with the answer")
    # Without a script the same form works.
    plain = console.context.browser.new_context(
        java_script_enabled=False, viewport=page.viewport_size, locale=console.language,
        storage_state=console.context.storage_state())
    bare = plain.new_page()
    bare.goto(page.url)
    if console.size == "phone":
        console.expect(not bare.locator(".ask-form").is_visible(), "the question to be folded without a script")
        bare.click(".ask-fold > summary")
    bare.click('button[name=add][value="filters"]')
    bare.wait_for_url("**filters.0**")
    bare.wait_for_selector('[name="filters.0.name"]', state="visible")
    plain.close()


def insight_builders(console):
    """Each shows something before anybody has asked."""
    for kind in KINDS:
        page = console.open(f"insights/{kind}")
        # What there is to correlate with depends on the events.
        console.expect(kind == "correlation" or page.locator(".answer .chart svg").count() > 0, f"a chart of {kind}")
        console.expect(page.locator("[role=alert]").count() == 0, f"no mistake in {kind}")
        console.expect(page.locator(".explain summary").inner_text() != "", f"how long {kind} took")


def insight_funnel(console):
    """Steps are added, chosen by suggestion, moved and filtered, all by keyboard; the address says the question."""
    page = console.open("insights/funnel?steps.0.event=Signed+Up&steps.1.event=Order+Completed&days=365")
    unfold(console)
    page.focus("button[name=add][value=steps]")
    page.keyboard.press("Enter")
    page.wait_for_selector('[name="steps.2.event"]:focus')
    page.keyboard.type("e")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("() => /steps.2.event=[^&]/.test(location.search)")
    settle(page)
    chosen = page.input_value('[name="steps.2.event"]')
    page.focus('button[name=move][value="steps.2.1"]')
    page.keyboard.press("Enter")
    page.wait_for_function("name => document.querySelector('[name=\"steps.1.event\"]').value === name", arg=chosen)
    page.click('button[name=add][value="filters"]')
    page.wait_for_selector('[name="filters.0.name"]:focus')
    console.look("a funnel with a filter")
    page.click('button[name=remove][value="filters.0"]')
    page.wait_for_selector('[name="filters.0.name"]', state="detached")
    address = page.url
    page.reload()
    console.expect(page.url == address and page.input_value('[name="steps.1.event"]') == chosen, "the same question again")


def insight_people(console):
    """The keyboard goes along a line, and from a point to the people behind it, who become an audience."""
    page = console.open("insights/trends?series.0.event=*&series.0.math=dau&days=90&interval=month")
    chart = page.locator(".chart svg:visible").first
    chart.focus()
    page.keyboard.press("ArrowRight")
    console.expect(page.locator(".plot [aria-live]").first.inner_text() != "", "the value that was read out")
    page.locator(".answer table.data a").first.click()
    page.wait_for_selector(".saved li")
    console.look("the people behind a number")
    page.fill("#audience-name", f"Active {console.run}")
    page.click("form.toolbar button")
    page.wait_for_url("**/audiences/**")
    console.expect(f"Active {console.run}" in page.inner_text("h1"), "the audience")


def insight_dashboard(console):
    """An insight is saved, stands on a dashboard, and is shown to somebody without an account until the link is revoked."""
    page = console.open("insights/retention")
    page.click(".answer-actions summary >> nth=0")
    page.fill("#save-name", f"Retention {console.run}")
    page.click(".answer-actions details form button.primary >> nth=0")
    page.wait_for_selector(".toast")
    console.expect(page.inner_text("h1") == f"Retention {console.run}", "the name of what was saved")
    console.open("insights/annotations")
    page.fill("#note-day", "2024-06-10")
    page.fill("#note-text", f"Sale {console.run}")
    page.click("form.toolbar button")
    page.wait_for_selector(".toast")
    console.open("insights/dashboards")
    page.fill("#dashboard-name", f"Weekly {console.run}")
    page.click("form.toolbar button")
    page.wait_for_selector(".dashboard-edit")
    page.select_option("select[name=add]", label=f"Retention {console.run}")
    page.click("form:has(select[name=add]) button")
    page.wait_for_selector("[data-tile]")
    page.fill(".dashboard-edit input[name=text]", "# Weekly")
    page.click("form:has(.input[name=text]) button")
    page.wait_for_selector(".text-tile")
    console.look("a dashboard that is arranged")
    page.locator("[data-tile] button[name=move]").first.click()
    page.wait_for_selector("[data-tile='0'].text-tile")
    page.click(".page-head a.primary")
    page.wait_for_selector("[data-dashboard]:not(:has([data-tile]))")
    console.look("a dashboard")
    board = page.url
    page.click(".page-head .pop summary")
    page.click(".pop-box form button.primary")
    link = page.input_value("#share-link")
    stranger = console.context.browser.new_context()
    other = stranger.new_page()
    console.expect(other.goto(link).status == 200, "the shared page")
    console.expect(other.locator("nav, a[href*='/w/']").count() == 0, "nothing but what is shared")
    page.goto(board)
    page.click(".page-head .pop summary")
    page.click(".shares form button")
    page.wait_for_selector(".toast")
    console.expect(other.goto(link).status == 410, "the revoked link to be gone")
    stranger.close()


def insight_journey(console):
    page = console.open("journey?days=365")
    console.expect(page.locator(".stage").count() >= 4, "the stages")
    page.locator(".stage-count a").first.click()
    page.wait_for_selector(".saved li")
    console.open("insights/funnel")
    page.emulate_media(media="print")
    console.expect(not page.locator(".ask-form").is_visible() and page.locator(".answer").is_visible(), "the answer alone on paper")
    page.emulate_media(media="screen")


ALL = (insight_builders, insight_folded, insight_funnel, insight_people, insight_dashboard, insight_journey)
