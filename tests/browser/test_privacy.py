"""A records officer at work: somebody is erased who asked for it, and what was kept long enough goes, with its certificate."""

from playwright.sync_api import expect

from data.audit import change
from data.clock import utc_now
from data.disposing import propose
from data.retention import write_rules
from layouts.pages import PRIVACY_TABS
from models.audit import COMMAND
from models.conversation import Contact, Conversation
from tests.browser.test_access import SET_THEME

LONG_AGO = 60 * 24 * 100
RULE = {"name": "Two months", "outcome": None, "topic": None, "kind": None, "length": 2, "unit": "months"}


def settled(north, text):
    """A conversation of long ago in which nobody waits: its key, and what its contact is called."""
    key = north.receive(text, LONG_AGO)
    with change(north.database, north.workspace_id, COMMAND, utc_now()) as c:
        conversation = c.db.get_one(Conversation, key)
        conversation.since = conversation.due = None
        c.state("state", "conversation", key)
        contact = c.db.get_one(Contact, conversation.contact_id)
        return key, contact.id, contact.handle


def test_somebody_is_erased_and_what_is_due_goes(north, visit, axe):
    erased, contact, handle = settled(north, "my name is Ann")
    settled(north, "my name is Bea")
    page = north.sign_in(visit(), "/privacy/contacts", f"&contact={contact}", north.hire("rosa", "Records officer"))
    found = accessible(page, axe, "contacts")
    page.get_by_label("Why: the number of the request, no name").fill("request 14")
    page.get_by_label(f"Type {handle}").fill(handle)
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("Erased: 1 identity, 1 conversation, 1 message")
    expect(page.locator("#privacy-state")).to_contain_text("being cleaned")
    expect(page.locator("#privacy-body")).to_contain_text("This contact was erased")

    with change(north.database, north.workspace_id, COMMAND, utc_now()) as c:
        write_rules(c, [RULE])
        c.state("change", "workspace", north.workspace_id)
    propose(north.database, north.workspace_id, utc_now())
    page.get_by_role("link", name="Disposal").click()
    found += accessible(page, axe, "disposal")
    page.get_by_label("Choose ").check()
    page.get_by_label("Type how many you chose").fill("1")
    page.get_by_role("button", name="Dispose of them").click()
    expect(page.locator("#notice")).to_contain_text("Certificate 2 says so")
    expect(page.get_by_role("table", name="Certificates")).to_contain_text("Two months")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Print certificate 2").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Certificate of disposal 2")
    found += axe(opened.value)

    page.get_by_role("link", name="Legal holds").click()
    found += accessible(page, axe, "holds")
    page.goto(north.at(f"/conversation/{erased}"))
    expect(page.locator("#panel-head")).to_contain_text("This contact was erased")
    expect(page.locator("#panel-thread")).to_contain_text("(erased)")
    assert not found, "\n".join(found)


def accessible(page, axe, tab):
    """What keeps anybody out of the tab, in both themes, wide and narrow."""
    expect(page.locator(".tabs [aria-current]")).to_have_text(dict(PRIVACY_TABS)[tab])
    found = []
    for theme, width in (("light", 390), ("dark", 1920)):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(SET_THEME, theme)
        found += [f"{tab}, {theme}: {line}" for line in axe(page)]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{tab}: wider than {width} px")
    return found
