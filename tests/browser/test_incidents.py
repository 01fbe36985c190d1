"""An incident from its first message to one reply to all, by two people at two keyboards: nobody touches a mouse."""

import re

import pytest
from playwright.sync_api import expect

FORM = "#panel-form [data-form]"


@pytest.fixture
def clean(axe):
    """``clean(page)``: nothing on the page as it stands keeps anybody out."""

    def check(page):
        assert axe(page) == []

    return check


def notice(page):
    return page.get_by_role("status").first


def open_form(page, key):
    page.keyboard.press(key)
    expect(page.locator(FORM)).to_be_visible()


def submit(page, said):
    page.keyboard.press("Control+Enter")
    expect(notice(page)).to_contain_text(said)
    expect(page.locator(FORM)).to_have_count(0)


def open_at(page, north, key):
    """The conversation beside the queue, by its address as a link would."""
    page.goto(north.at("/queue", f"&c={key}"))
    expect(page.locator("#panel-thread .message")).to_be_visible()
    page.locator("#live-age[data-live=true]").wait_for()
    page.locator("#panel-actions button").first.focus()


def test_a_fire_is_flagged_noted_gathered_reported_and_answered_by_key_alone(north, visit, clean):
    keys = [
        north.receive(text, minutes_ago=ago)
        for text, ago in (("Smoke from the warehouse", 9), ("Flames through the roof", 6), ("Road is blocked", 3))
    ]
    boss = north.hire("sue", "Supervisor")
    ann = north.sign_in(visit(390, 844), "/queue")
    sue = north.sign_in(visit(), "/queue", who=boss)
    flag_and_note(sue, north, keys[0], clean)
    be_called(ann, clean)
    gather(sue, north, keys, clean)
    report(sue, clean)
    answer(sue, clean)


def flag_and_note(page, north, key, clean):
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-thread .message")).to_contain_text("Smoke from the warehouse")
    open_form(page, "f")
    expect(page.get_by_label("vulnerable")).to_be_focused()
    page.keyboard.press("Space")
    clean(page)
    submit(page, "Flagged: vulnerable.")
    expect(page.locator("#panel-head .tag-raised")).to_have_text("vulnerable")
    expect(page.locator(f"#queue-rows tr[data-id='{key}']")).to_contain_text("vulnerable")
    open_form(page, "n")
    page.keyboard.type(f"Is she on the list? @{north.operator}")
    expect(page.locator("#note-text-people [role=option]").filter(visible=True)).to_have_count(1)
    clean(page)
    page.keyboard.press("Enter")
    expect(page.locator("#note-text")).to_have_value(re.compile(f"@{north.operator} $"))
    submit(page, "The note is kept.")
    expect(page.locator("#panel-thread .note")).to_contain_text("Is she on the list?")


def be_called(page, clean):
    expect(page.locator("#unread")).to_contain_text("@ 1")
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.locator("#notifications-body")).to_contain_text("Is she on the list?")
    clean(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-thread .note")).to_be_visible()
    expect(page.locator("#unread")).not_to_contain_text("@ 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def gather(page, north, keys, clean):
    open_form(page, "i")
    if page.get_by_label("Incident", exact=True).input_value() != "new":
        page.keyboard.type("A new")
    page.keyboard.press("Tab")
    page.keyboard.type("Warehouse fire")
    page.keyboard.press("Tab")
    page.keyboard.type("482 of 12 October")
    clean(page)
    submit(page, "The incident is open, with this conversation in it.")
    for key in keys[1:]:
        open_at(page, north, key)
        open_form(page, "i")
        page.keyboard.type("Ware")
        submit(page, "It belongs to the incident now.")
    expect(page.locator(".side-incidents")).to_contain_text("Warehouse fire 3")
    expect(page.locator("#queue-rows tr .col-holder").first).to_contain_text("group: Warehouse")


def report(page, clean):
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.locator("#incidents-list")).to_contain_text("482 of 12 October")
    clean(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#incident-members li")).to_have_count(3)
    page.locator("#incident-said li", has_text="Flames through the roof").get_by_role("button").press("Enter")
    expect(page.locator(".citation")).to_have_count(1)
    page.get_by_label(re.compile("Exact location")).fill("The warehouse by the lock")
    expect(page.locator("#methane-saved")).to_contain_text("Kept as a draft")
    page.reload()
    expect(page.get_by_label(re.compile("Exact location"))).to_have_value("The warehouse by the lock")
    expect(page.locator(".citation")).to_have_count(1)
    page.locator("#live-age[data-live=true]").wait_for()
    page.get_by_role("button", name="Keep this version").press("Enter")
    expect(page.locator("#incident-reports")).to_contain_text("Version 1")
    clean(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#main").focus()
    page.keyboard.press("y")
    expect(notice(page)).to_have_text("Copied as plain text.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("METHANE, version 1: Warehouse fire (482 of 12 October)\n")
    assert re.search(r"\nE Exact location: The warehouse by the lock \[\d+ \w+ \d{4}, \d\d:\d\d X, public\]\n", copied)
    assert "\nA Access: routes that are safe to use: not known\n" in copied


def answer(page, clean):
    page.get_by_label(re.compile("^Reply")).fill("Crews are there. Please keep away.")
    page.get_by_role("button", name="Reply to 3 conversations").press("Enter")
    told = page.locator("#incident-answers")
    expect(told).to_contain_text("0 of 3 sent, 3 wait.")
    clean(page)
    told.get_by_role("button", name="Undo all").press("Enter")
    expect(told).to_contain_text("0 of 3 sent, 3 stopped.")
