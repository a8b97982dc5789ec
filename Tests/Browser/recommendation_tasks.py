"""The tasks of recommendations: what events say, models, placements with a preview as somebody, decisions with their reasons."""

import re


def csrf(console):
    return console.page.evaluate("document.querySelector('input[name=csrf]').value")


def recommendation_settings(console):
    """What names suggest is shown, changed, saved, and taken back."""
    page = console.open("recommendations/settings")
    console.expect(page.locator(".feedback-table tbody tr").count() >= 3, "rows for events")
    if (console.language, console.size) != ("en", "desktop"):
        # The workspace has one such setting, and the others use it at the same time.
        console.look("what events say")
        return
    for field in page.locator('[name^="event."]').all():
        field.fill("")
    page.keyboard.press("Escape")
    page.fill('[name="event.0"]', "Order Completed")
    page.keyboard.press("Escape")
    page.fill('[name="item.0"]', "products.product_id")
    page.select_option('[name="kind.0"]', "purchase")
    page.fill('[id="strength.cart"]', "0.6")
    page.click("form[method=post] button.primary:not([data-yes])")
    page.wait_for_selector(".toast")
    console.expect(page.input_value('[id="strength.cart"]') == "0.6", "the strength that was saved")
    console.look("what events say")
    page.fill('[id="strength.cart"]', "-1")
    console.expected = ["status of 422"]
    page.click("form[method=post] button.primary:not([data-yes])")
    page.wait_for_selector("[role=alert]")
    console.expected = []
    console.open("recommendations/settings")
    page.click("button[name=reset]")
    page.wait_for_load_state()
    console.expect(page.locator("button[name=reset]").count() == 0, "what names suggest again")


def recommendation_placement(console):
    """Defined by a form, mended after a mistake, seen as somebody, whose name stands in no address."""
    name = f"row-{console.run}".replace(" ", "-")
    page = console.open("recommendations/placements/new")
    page.fill("#field-name", "two words")
    page.select_option("#field-kind", "list")
    console.expected = ["status of 422"]
    page.click("main form button.primary:not([data-yes])")
    page.wait_for_selector("[role=alert]")
    console.expected = []
    console.look("a placement with a mistake")
    page.fill("#field-name", name)
    page.fill("#field-count", "5")
    page.click("main form button.primary:not([data-yes])")
    page.wait_for_url(re.compile("placements/" + name + "$"))
    console.look("a placement")
    page.fill("#who", "단골")
    page.click("section form:has(#who) button")
    page.wait_for_selector(".found a")
    console.expect("%EB" not in page.url, "no name in the address")
    page.locator(".found a").first.click()
    page.wait_for_url(re.compile(r"as=p_"))
    console.expect("김단골" in page.inner_text("h2 .muted >> nth=0"), "the person whom it is shown as")
    console.look("a placement as somebody")
    decide(console, name)
    decisions(console, name)


def decide(console, name):
    answer = console.page.request.post(
        f"{console.address}/v1/decide", data={"person": "kim", "placement": name},
        headers={"X-CSRF-Token": csrf(console), "Dangol-Workspace": "default"})
    console.expect(answer.ok, "a decision")
    return answer.json()["decisions"][0]["id"]


def decisions(console, name):
    page = console.open(f"recommendations/decisions?placement={name}")
    console.expect(page.locator("table.data tbody tr").count() == 1, "the decision in the list")
    console.look("decisions")
    page.locator("table.data tbody th a").first.click()
    page.wait_for_selector(".words li")
    console.expect(name in page.inner_text(".words"), "the decision in words")
    console.look("a decision")


def recommendation_models(console):
    """A training is begun, watched and ended; its version answers."""
    page = console.open("recommendations/models")
    if page.locator("form[action$=train] button").count() > 0:
        # Other languages and sizes train at the same time; one training runs at once.
        console.expected = ["status of 422"]
        page.locator("form[action$=train] button").first.click()
        page.wait_for_load_state()
        console.expected = []
    console.look("models")


def recommendation_results(console):
    """What a banner's policy has brought, and what another one would have."""
    name = re.sub("[^a-z0-9]+", "-", f"banner-{console.run}")
    headers = {"X-CSRF-Token": csrf(console), "Dangol-Workspace": "default"}
    placement = {"name": name, "kind": "banner", "actions": [{"id": "sale"}, {"id": "club"}], "policy": {"kind": "random"}}
    made = console.page.request.put(f"{console.address}/v1/placements/{name}", data=placement, headers=headers)
    console.expect(made.ok, "a banner")
    page = console.open(f"recommendations/placements/{name}/results")
    console.look("results of nothing")
    page = console.open(f"recommendations/placements/{name}")
    page.locator("a[href$=results]").first.click()
    page.wait_for_selector("#results-policy")
    page.select_option("#results-policy", "fixed")
    page.fill("#results-chance", "0")
    page.click("form:has(#results-policy) button")
    page.wait_for_selector("main .note-box[role=status]")
    console.expect(len(page.inner_text("main .note-box[role=status]")) > 20, "a verdict in words")
    console.look("results and what if")


ALL = (recommendation_settings, recommendation_placement, recommendation_models, recommendation_results)
