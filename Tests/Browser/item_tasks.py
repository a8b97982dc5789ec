"""The tasks of the catalogue: bringing items in, finding one, changing it, taking it out and back."""

TABLE = "id,name,kind,price,stock,category,brand\nc1,수분 크림,product,32000,12,스킨케어 > 크림,들꽃\nc2,선크림,product,18000,0,스킨케어 > 선케어,들꽃\n"


def item_import(console):
    page = console.open("items/import")
    page.fill("#items-text", "id,name,price\nx,크림,cheap\n")
    console.expected = ["status of 422"]
    page.click("button[value=preview]")
    page.wait_for_selector("#items-text-error")
    console.expected = []
    console.look("items, a wrong line")
    page.fill("#items-text", TABLE)
    page.click("button[value=preview]")
    page.wait_for_selector("button[value=import]")
    console.look("items, a preview")
    page.click("button[value=import]")
    page.wait_for_selector(".toast")
    console.expect(page.locator("table.data tbody tr").count() >= 2, "the items in the list")


def item_pages(console):
    page = console.open("items")
    page.fill("#items-search input[name=text]", "수분")
    page.click("#items-search button.primary")
    page.wait_for_url("**q=*")
    console.expect("%EC" not in page.url and page.locator("table.data tbody tr").count() == 1, "one item, by a part of its name")
    page.click("table.data tbody th a")
    page.wait_for_url("**/items/c1")
    console.look("an item")
    page.click('a[href$="/items/c1/edit"]')
    page.wait_for_url("**/edit")
    console.look("an item, changed")
    page.fill("input[name=price]", "28000")
    page.click(".form button.primary")
    page.wait_for_selector(".toast")
    console.expect(page.locator(".chart svg").count() > 0, "a chart of the price")
    page.click('[data-confirm="delete-item"] button.danger')
    page.click("#delete-item [data-yes]")
    page.wait_for_selector('form[action$="/restore"]')
    console.look("an item, deleted")
    page.click('form[action$="/restore"] button')
    page.wait_for_selector('[data-confirm="delete-item"]')
    console.open("items/new")


ALL = (item_import, item_pages)
