"""The tasks of content: whom attributes draw, where people leave, what a new idea would find, what is missing."""


def content_watching(console):
    page = console.open("content/watching")
    page.fill('input[name="item"]', "series-1")
    page.click("form .button.primary")
    page.wait_for_load_state()
    console.expect("item=series-1" in page.url, "the title in the address")
    console.expect(page.locator("figure.chart svg").count() >= 2, "the curve and the episodes in a row")
    page.locator("figure.chart details summary").first.click()
    console.expect(page.locator("figure.chart details table").first.is_visible(), "the exact values")
    console.open("content/watching?item=nothing")
    console.expect("nothing" in page.content(), "the unknown title named")


def content_concept(console):
    page = console.open("content/concept")
    choice = page.locator("aside select").first
    choice.select_option(index=1)
    page.click("aside .button.primary")
    page.wait_for_load_state()
    console.expect(page.locator("aside select").first.input_value() != "", "the choice still made")
    console.expect(page.locator(".stack .card p").first.is_visible(), "an answer, or why there is none")


def content_gaps(console):
    page = console.open("content/gaps")
    console.expect("겨울왕구" in page.content(), "the search that leads nowhere")


def content_audience(console):
    headers = {"origin": console.address, "x-csrf-token": console.page.request.get(f"{console.address}/v1/session").json()["csrfToken"]}
    console.page.request.post(f"{console.address}/v1/audiences", headers=headers, fail_on_status_code=False,
                              data={"name": "드라마 팬", "where": 'did "Playback Completed" where genre = "drama"'})
    page = console.open("content?audience=%EB%93%9C%EB%9D%BC%EB%A7%88+%ED%8C%AC&attribute=genre")
    console.expect(page.locator('select[name="audience"]').input_value() == "드라마 팬", "the audience chosen")
    console.expect(page.locator("table.data tbody tr").count() >= 2, "the genres compared")


ALL = (content_watching, content_concept, content_gaps, content_audience)
