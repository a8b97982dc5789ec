"""What people do on each page of the console, one function a task. A task takes a `Console` and leaves what it found wrong
there; texts come from the catalogues, so that a task is the same in both languages."""

import re

import content_tasks
import insight_tasks
import intent_tasks
import item_tasks
import recommendation_tasks

EMAIL, PASSWORD = "mina@example.com", "correct horse battery"


def person_key(console, name):
    """The key of a person, by searching as one would."""
    page = console.page
    page.goto(f"{console.address}/w/default/people")
    page.fill("#people-search input[name=text]", name)
    page.click("#people-search button.primary")
    page.wait_for_url(re.compile(r"people\?q="))
    link = page.locator("table.data tbody th a").first.get_attribute("href")
    return link.split("/")[-1]


# --- Around every page ---


def navigation(console):
    page = console.open("home")
    if console.size == "phone":
        page.click(".topbar .icon-button")
        page.wait_for_selector("#side:popover-open")
        console.look("the open navigation")
    page.click(f'.side a[href="/w/default/people"]')
    page.wait_for_url("**/people")
    page.keyboard.press("Tab")
    console.expect(page.evaluate("document.activeElement.matches('.skip')"), "the first key to lead past the navigation")
    if console.size == "desktop":
        page.keyboard.press("/")
        console.expect(page.evaluate("document.activeElement.id") == "search", "the slash to lead to the search")
        page.keyboard.type("서연")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"people\?q="))
        console.expect("이서연" in page.content(), "the search of every page to find a Korean name by its part")


def choices(console):
    page = console.open("home")
    if console.size == "phone":
        page.click(".topbar .icon-button")
    page.click(".side .account")
    other = "ko" if console.language == "en" else "en"
    page.click(f'#account button[name=language][value={other}]')
    page.wait_for_load_state()
    console.expect(page.get_attribute("html", "lang") == other, "the page in the other language")
    if console.size == "phone":
        page.click(".topbar .icon-button")
    page.click(".side .account")
    page.click(f'#account button[name=language][value={console.language}]')
    page.wait_for_load_state()


def other_pages(console):
    for path in ("home", "live", "insights", "insights/trends", "insights/funnel", "insights/retention", "journey", "insights/dashboards",
                 "recommendations", "recommendations/decisions", "recommendations/models", "recommendations/settings",
                 "content", "content/watching", "content/concept", "content/gaps",
                 "settings", "settings/account", "settings/members", "settings/keys", "settings/audit", "settings/about"):
        console.open(path)
    console.expected = ["status of 404"]
    console.open("nothing-here", status=404)
    console.expected = []


# --- People ---


def people_list(console):
    page = console.open("people")
    console.expect(page.locator("table.data tbody tr").count() == 50, "a page of 50 people")
    page.click("a[rel=next]")
    page.wait_for_load_state()
    console.expect("@" not in page.url and "%40" not in page.url, "no person in the address")
    page.go_back()
    page.fill("#people-search input[name=text]", "단골")
    page.click("#people-search button.primary")
    page.wait_for_url(re.compile(r"people\?q="))
    console.look("people, found")
    console.expect(page.locator("table.data tbody tr").count() == 1, "one 단골")
    console.expect("단골" not in page.url and "%EB" not in page.url, "no name in the address")
    page.select_option("#people-search select[name=role]", "partner")
    page.fill("#people-search input[name=text]", "")
    page.click("#people-search button.primary")
    page.wait_for_url(re.compile(r"role=partner"))
    console.expect("박지훈" in page.content() and "김단골" not in page.content(), "partners only")
    console.open("people")
    page.click("#people-search .more summary")
    page.fill("#people-where", 'did "Order Completed" at leest 3 times')
    console.expected = ["status of 422"]
    page.click("#people-search button.primary")
    page.wait_for_selector("#people-where-error")
    console.expected = []
    console.look("people, a wrong condition")
    page.fill("#people-where", 'trait city = "서울" and did "Order Completed"')
    page.click("#people-search button.primary")
    page.wait_for_url(re.compile(r"people\?q="))
    console.expect("김단골" in page.content(), "people who fit the condition")


def people_columns(console):
    page = console.open("people")
    page.click(".drop > summary")
    console.look("people, the columns")
    page.check('.drop-box input[value="trait:city"]')
    page.click(".drop-box button")
    page.wait_for_load_state()
    console.expect(page.locator("thead th", has_text="city").count() == 1, "the column that was chosen")


def person_page(console):
    page = console.page
    key = person_key(console, "단골")
    console.open(f"people/{key}")
    events = page.locator(".events > li")
    before = events.count()
    page.locator("details.event summary").first.click()
    console.look("a person with an open event")
    page.click("[data-older]")
    page.wait_for_function("count => document.querySelectorAll('.events > li').length > count", arg=before)
    console.look("a person with older events")
    page.locator(".event-filter summary").click()
    with page.expect_navigation():
        page.check('.event-filter input[value="Order Completed"]')
    names = set(page.locator(".event-name").all_inner_texts())
    console.expect(names == {"Order Completed"}, f"orders only, not {names}")
    for tab in ("identities", "audiences", "consent"):
        console.open(f"people/{key}/{tab}")
    page.select_option("select[name=channel]", "kakao")
    page.fill("input[name=source]", "고객센터 통화")
    page.click("aside .button.primary")
    page.wait_for_selector(".toast")
    console.expect("고객센터 통화" in page.content(), "the consent that was recorded")


def merging(console):
    page = console.page
    key, other = person_key(console, "Grace"), person_key(console, "유나")
    console.open(f"people/{key}/merge")
    page.fill("#merge-text", "유나")
    page.click("main form .button.primary")
    page.wait_for_selector(".candidates a")
    console.look("merge, found")
    page.click(".candidates a")
    page.wait_for_url(re.compile("with="))
    console.look("merge, what would happen")
    page.click("main form .button.primary")
    page.wait_for_url(re.compile("identities"))
    console.look("identities after a merge")
    page.click(".note-box form button")
    page.wait_for_url(re.compile("split="))
    console.look("identities after a split")
    console.expect(person_key(console, "유나") == other, "both as they were")


def hostile(console):
    page = console.page
    key = person_key(console, "x1@example.com")
    for tab in ("", "/identities", "/audiences", "/consent", "/merge", "/delete"):
        console.open(f"people/{key}{tab}")
    console.expect(page.evaluate("document.querySelectorAll('main script, main img').length") == 0, "names as text")


def deleting(console):
    page = console.page
    console.open("people/receipts")
    # Somebody else for each run.
    console.open("people?known=no")
    link = page.locator("table.data tbody th a").first.get_attribute("href")
    key = link.split("/")[-1]
    console.open(f"people/{key}/delete")
    page.fill("#field-word", "something else")
    console.expected = ["status of 422"]
    page.click("main form .button.danger")
    page.wait_for_selector("#field-word-error")
    console.expected = []
    console.look("delete, mistyped")
    word = re.search(r"[“‘](.+)[”’]", page.inner_text('label[for="field-word"]')).group(1)
    page.fill("#field-word", word)
    page.click("main form .button.danger")
    page.wait_for_url(re.compile("receipt="))
    console.look("the receipt")
    console.expected = ["status of 404"]
    console.open(f"people/{key}", status=404)
    console.expected = []


# --- Audiences ---


def audience_builder(console):
    page = console.page
    name = f"단골 {console.run}"
    console.open("audiences/new")
    page.wait_for_selector(".condition")
    console.look("the builder")
    page.fill("#field-name", name)
    event = page.locator(".condition input[role=combobox]").first
    event.fill("Order Co")
    page.wait_for_function("() => document.querySelectorAll('[role=option]').length === 1")
    console.look("the builder with suggestions")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('where').value.includes('Order Completed')")
    page.wait_for_selector(".preview-size")
    page.locator(".adders button").first.click()
    page.locator(".condition select").nth(-1).wait_for()
    last = page.locator(".condition").last
    last.locator("select").first.select_option("trait")
    page.locator(".condition").last.locator("input").first.fill("city")
    page.locator(".condition").last.locator("input").last.fill("서울")
    page.wait_for_function("() => document.getElementById('where').value.includes('서울')")
    console.look("the builder with two conditions")
    # The other way round.
    page.fill("#where", page.input_value("#where") + " and consents to email")
    page.wait_for_function("() => document.querySelectorAll('.condition').length === 3")
    console.expected = ["status of 400"]
    page.fill("#where", 'did "Order Completed" at leest 3 times')
    page.wait_for_selector("[data-error]:not([hidden]) pre")
    console.look("the builder with an error")
    page.fill("#where", 'did "Order Completed" and trait city is set')
    page.wait_for_selector("[data-error]", state="hidden")
    console.expected = []
    page.click("#audience-form > .row .button.primary")
    page.wait_for_url(re.compile(r"audiences/\d+$"))
    console.look("the audience")
    number = page.url.split("/")[-1]
    for tab in ("members", "versions", "export", "edit"):
        console.open(f"audiences/{number}/{tab}")
    page.wait_for_selector(".condition")
    console.open(f"audiences/{number}/members")
    why = page.locator("tbody tr td a").first
    why.click()
    page.wait_for_selector(".why .tree")
    console.look("why somebody is a member")
    console.open("audiences")
    page.locator(f'tr:has(a[href$="/audiences/{number}"])').locator("a").first.click()
    page.click(".page-head form[data-confirm] > button")
    page.wait_for_selector("dialog[open]")
    console.look("deleting an audience")
    page.click("dialog[open] [data-yes]")
    page.wait_for_url(re.compile("undo="))
    page.click(".note-box form button")
    page.wait_for_url(re.compile(r"audiences/\d+$"))
    console.expect(name in page.content(), "the audience that was brought back")


def audience_list(console):
    page = console.page
    console.open("audiences/new?list=1")
    page.fill("#field-name", f"목록 {console.run}")
    page.click("#audience-form > .row .button.primary")
    page.wait_for_url(re.compile("members"))
    console.look("an empty list")
    page.set_input_files("#ids-file", {"name": "ids.csv", "mimeType": "text/csv", "buffer": "id,memo\nkim,a\nlee,b\n".encode()})
    page.wait_for_function("() => document.getElementById('ids').value.includes('lee')")
    page.click("aside .button.primary")
    page.wait_for_selector(".toast")
    console.expect("김단골" in page.content() and "이서연" in page.content(), "the people of the file")
    console.open("audiences")
    for box in page.locator("input[name=a]").all()[:2]:
        box.check()
    page.click(".pages button")
    page.wait_for_url(re.compile("overlap"))
    console.look("the overlap")
    console.expect(page.locator(".chart svg").count() > 0, "a picture")


# --- Data ---


def data_events(console):
    page = console.open("data")
    page.fill("main input[name=q]", "Order")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=Order"))
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile("data/event"))
    console.look("an event")
    page.fill("#about", "결제를 마쳤을 때")
    page.fill("#owner", "결제팀")
    page.locator("main form button.primary").first.click()
    page.wait_for_selector(".toast")
    console.expect(page.input_value("#owner") == "결제팀", "what was written")


def data_plan(console):
    page = console.open("data/plan")
    begin = page.locator("button[value=adopt]").first
    begin.click()
    page.wait_for_selector(".plan li")
    console.look("the plan")
    page.fill("form.pages input[name=name]", "Coupon Used")
    page.click("button[value=add]")
    page.wait_for_url(re.compile("data/event"))
    console.look("a planned event that never came")
    page.fill('input[name="new:1"]', "code")
    page.select_option('select[name="newType:1"]', "string")
    page.locator("main form button.primary").last.click()
    page.wait_for_selector(".toast")
    console.open("data/plan")
    page.locator("form[data-confirm] > button", has_text=console.t("data.removePlan")).click()
    page.click("dialog[open] [data-yes]")
    page.wait_for_selector(".empty")


def data_letters(console):
    page = console.page
    # A strict plan refuses an event, which then waits.
    token = page.evaluate("document.querySelector('input[name=csrf]').value")
    key = page.request.post(f"{console.address}/v1/keys", data={"kind": "write", "name": console.run},
                            headers={"X-CSRF-Token": token, "Dangol-Workspace": "default"}).json()["secret"]
    page.request.post(f"{console.address}/v1/track", headers={"Authorization": f"Basic {basic(key)}"},
                      data={"userId": "kim", "event": 17, "properties": {"text": "<script>alert(3)</script>"}}, fail_on_status_code=False)
    console.open("data/letters")
    page.locator(".letters summary").first.click()
    console.look("a dead letter")
    page.click("button[value=replay] >> nth=0")
    page.wait_for_selector(".toast")
    page.locator("form[data-confirm] > button", has_text=console.t("data.removeAll")).click()
    page.wait_for_selector("dialog[open]")
    page.click("dialog[open] [data-yes]")
    page.wait_for_selector(".empty")
    console.look("no dead letters")


def basic(key):
    import base64
    return base64.b64encode(f"{key}:".encode()).decode()


def data_import(console):
    page = console.open("data/import")
    rows = "\n".join(f"{person},2026-01-0{day} 10:00,{1000 * day},{console.run}" for person in ("kim", "lee") for day in range(1, 5))
    text = f"회원번호,주문일시,금액,메모\n{rows}\nu9,어제,5,x\n"
    encoding = "euc-kr" if console.language == "ko" else "utf-8"
    page.select_option("[data-encoding]", encoding)
    page.set_input_files("#import-file", {"name": f"orders-{console.run}.csv", "mimeType": "text/csv", "buffer": text.encode(encoding)})
    page.wait_for_selector(".mapping-row")
    console.look("what the columns mean")
    page.fill("#field-eventName", f"Imported {console.run}")
    page.keyboard.press("Tab")
    page.wait_for_function("name => document.querySelector('.preview-events strong')?.textContent === name", arg=f"Imported {console.run}")
    page.click("[data-run]")
    page.wait_for_selector("[data-outcome] .metrics")
    console.look("what was imported")
    figures = page.locator("[data-outcome] .metric .value").all_inner_texts()
    console.expect(figures[0] == "8" and figures[2] == "1", f"8 stored and 1 rejected, not {figures}")
    console.open("data/import?kind=people")
    page.set_input_files("#import-file", {"name": "people.csv", "mimeType": "text/csv", "buffer": f"고객ID,name,city\nnew-{console.run},한결,제주\n".encode()})
    page.wait_for_selector(".mapping-row")
    page.click("[data-run]")
    page.wait_for_selector("[data-outcome] .metrics")
    console.expect(person_key(console, "한결").startswith("p_"), "the person of the file")


def data_connect(console):
    page = console.open("data/connect")
    page.fill("#field-name", f"Web {console.run}")
    page.click("aside .button")
    page.wait_for_selector(".toast")
    console.look("a key that was made")
    for sdk in ("segment", "rudderstack", "amplitude", "posthog", "curl"):
        page.goto(f"{console.address}/w/default/data/connect?sdk={sdk}")
        console.expect("dwk_" in page.inner_text("#snippet"), f"the key in the lines for {sdk}")
    page.click("[data-copy=snippet]")
    page.wait_for_selector(".toast")
    console.expect("dwk_" in page.evaluate("navigator.clipboard.readText()"), "the lines on the clipboard")


ALL = [(task.__name__, task) for task in (
    navigation, choices, other_pages, people_list, people_columns, person_page, merging, hostile, deleting, audience_builder,
    audience_list, data_events, data_plan, data_letters, data_import, data_connect, *insight_tasks.ALL,
    *intent_tasks.ALL, *item_tasks.ALL, *recommendation_tasks.ALL, *content_tasks.ALL)]


def pictures(console):
    """Pages worth a picture, with something in them."""
    key = person_key(console, "단골")
    token = console.page.evaluate("document.querySelector('input[name=csrf]').value")
    headers = {"X-CSRF-Token": token, "Dangol-Workspace": "default"}
    for name, where in (("단골", 'did "Order Completed" at least 2 times in the last 365 days'), ("서울 고객", 'trait city = "서울"')):
        console.page.request.post(f"{console.address}/v1/audiences", data={"name": name, "where": where}, headers=headers,
                                  fail_on_status_code=False)
    audiences = console.page.request.get(f"{console.address}/v1/audiences?workspace=default").json()["audiences"]
    first = audiences[0]["id"]
    both = "&".join(f"a={one['id']}" for one in audiences)
    return [
        ("home", "home"), ("live", "live"), ("people", "people"), ("person", f"people/{key}"),
        ("person-identities", f"people/{key}/identities"), ("person-consent", f"people/{key}/consent"),
        ("person-audiences", f"people/{key}/audiences?why={first}"), ("person-delete", f"people/{key}/delete"),
        ("audiences", "audiences"), ("audience", f"audiences/{first}"), ("audience-builder", f"audiences/{first}/edit"),
        ("audience-members", f"audiences/{first}/members"), ("audience-export", f"audiences/{first}/export"),
        ("audience-overlap", f"audiences/overlap?{both}"), ("data", "data"), ("data-event", "data/event?name=Order%20Completed"),
        ("data-plan", "data/plan"), ("data-letters", "data/letters"), ("data-import", "data/import"), ("data-connect", "data/connect"),
        ("insights", "insights"), ("insight-trends", "insights/trends"), ("insight-funnel", "insights/funnel"),
        ("journey", "journey"), ("content", "content"), ("content-watching", "content/watching"),
        ("content-concept", "content/concept"), ("content-gaps", "content/gaps"), ("recommendations", "recommendations"),
        ("recommendations-models", "recommendations/models"), ("recommendations-settings", "recommendations/settings"),
        ("settings", "settings"), ("settings-keys", "settings/keys"), ("settings-members", "settings/members"),
    ]
