"""The tasks of intent: who is about what now, learning, what is set."""


def come_by(console):
    """Somebody does something now, as an SDK says it."""
    for event in ("Product Viewed", "Product Added"):
        answer = console.page.request.post(
            f"{console.address}/v1/track",
            data={"writeKey": console.write_key, "userId": "choi", "event": event, "properties": {"productId": "p-1", "price": 52000}})
        console.expect(answer.ok, f"an event taken, not {answer.status}")


def intent_now(console):
    """Whoever does something now is there, by key alone, and the page says that it is connected."""
    come_by(console)
    page = console.open("intent")
    page.wait_for_selector("#intent-people table tbody tr")
    page.wait_for_selector('#intent-state[data-state="on"]')
    console.expect(page.locator("#intent-people .metric").count() == 6, "six states")
    console.expect(page.locator("#intent-people table tbody tr").count() >= 1, "somebody who is here")
    link = page.locator("#intent-people table th a").first
    console.expect("/people/p_" in link.get_attribute("href"), "a key in the link")
    link.click()
    page.wait_for_url("**/people/p_*")


def intent_learning(console):
    page = console.open("intent/quality")
    page.click('form[action$="/intent/train"] button')
    page.wait_for_load_state()
    console.look("intent, learned")
    console.expect(page.locator(".chart svg").count() > 0, "a chart of what was said and what came about")
    page.click('nav.chips a[href$="of=leaves"]')
    page.wait_for_url("**of=leaves")
    console.expect(page.locator("nav.chips [aria-current]").inner_text() == console.t("intent.measure.leaves"), "the choice marked")


def intent_settings(console):
    page = console.open("intent/settings")
    page.check("input[name=isOn]")
    page.fill('input[name="coupon.code"]', "STAY5")
    page.fill('input[name="coupon.cost"]', "3000")
    page.fill('input[name="coupon.budgetPerDay"]', "300000")
    page.click(".form button.primary")
    page.wait_for_selector(".toast")
    console.expect(page.input_value('input[name="coupon.code"]') == "STAY5", "the coupon kept")
    page.fill('input[name="coupon.code"]', "")
    page.uncheck("input[name=isOn]")
    page.click(".form button.primary")
    page.wait_for_load_state()
    console.open("intent/results")


ALL = (intent_now, intent_learning, intent_settings)
