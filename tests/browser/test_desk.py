"""One conversation from its first message to its end, by two people at two keyboards: nobody touches a mouse."""

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


def test_a_conversation_is_opened_assessed_claimed_answered_handed_over_and_closed_by_key_alone(north, visit, clean):
    north.receive("Somebody is breaking the windows of the bus shelter", minutes_ago=3)
    ann = north.sign_in(visit(), "/queue")
    colleague = north.hire("ben")
    open_by_key(ann)
    clean(ann)
    assess(ann, clean)
    ann.keyboard.press("c")
    expect(ann.locator("#panel-head")).to_contain_text("You are answering")
    clean(ann)
    reply_undo_and_reply(ann, clean)
    ben = north.sign_in(visit(), "/queue", who=colleague)
    hand_over(ann, ben, clean)
    close(ben, clean)
    told = ben.locator("#panel-thread")
    for words in ("assessed it as Priority", "claimed it", "hands it over to", "accepted the hand-over", "closed by"):
        expect(told).to_contain_text(words)


def open_by_key(page):
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-thread .message")).to_contain_text("bus shelter")
    expect(page.locator("#panel-head")).to_contain_text("Nobody has assessed it yet.")


def assess(page, clean):
    page.keyboard.press("t")
    expect(page.get_by_label("Grade", exact=True).last).to_be_focused()
    clean(page)
    page.keyboard.type("Prio")
    page.keyboard.press("Tab")
    page.keyboard.type("Somebody may be hurt by the glass")
    page.keyboard.press("Control+Enter")
    expect(page.locator(FORM)).to_have_count(0)
    expect(notice(page)).to_contain_text("Assessed as Priority.")
    expect(page.locator("#panel-head")).to_contain_text("Assessed by")
    clean(page)


def reply_undo_and_reply(page, clean):
    write(page, "Thank you. Is anybody hurt?")
    waiting = page.locator("#panel-thread").get_by_role("button", name="Undo")
    expect(waiting).to_be_visible()
    clean(page)
    page.keyboard.press("z")
    expect(waiting).to_have_count(0)
    clean(page)
    write(page, "Thank you. Officers are on their way. Is anybody hurt?")
    expect(waiting).to_be_visible()
    expect(page.locator("#panel-thread")).to_contain_text("Officers are on their way")


def write(page, words):
    page.keyboard.press("r")
    box = page.locator("#panel-composer textarea")
    expect(box).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("")


def hand_over(ann, ben, clean):
    ann.keyboard.press("h")
    expect(ann.locator("#handover-to")).to_be_focused()
    clean(ann)
    ann.keyboard.type("Ben")
    ann.keyboard.press("Tab")
    ann.keyboard.type("Please see whether anybody is hurt")
    ann.keyboard.press("Control+Enter")
    expect(ann.locator(FORM)).to_have_count(0)
    expect(ann.locator("#panel-head")).to_contain_text("You hand this over to")
    clean(ann)
    ben.keyboard.press("j")
    ben.keyboard.press("Enter")
    expect(ben.locator("#panel-head")).to_contain_text("this over to you")
    clean(ben)
    ben.keyboard.press("y")
    expect(ben.locator("#panel-head")).to_contain_text("You are answering")
    expect(ann.locator("#panel-head")).to_contain_text(re.compile("Ben.* is answering"))
    clean(ben)


def close(page, clean):
    page.keyboard.press("e")
    expect(page.locator("#close-outcome")).to_be_focused()
    page.keyboard.type("answ")
    page.keyboard.press("Control+Enter")
    expect(notice(page)).to_contain_text("closed only with a reason")
    expect(page.locator("#close-outcome").locator("option:checked")).to_have_text("answered")
    page.locator("#close-outcome").press("Tab")
    page.keyboard.type("Nobody was hurt")
    clean(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(FORM)).to_have_count(0)
    expect(notice(page)).to_contain_text("Closed: answered.")
    expect(page.locator("#panel-head")).to_contain_text("closed")
    clean(page)
