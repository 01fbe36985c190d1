"""The panel's forms by keyboard and on a phone: one at a time, kept through live news, and focus is never lost."""

import re

import pytest
from playwright.sync_api import expect

FORM = "#panel-form [data-form]"


@pytest.fixture
def opened(north, visit):
    """A conversation that waits, open beside the queue; its key, too."""
    key = north.receive("Is anybody there?", minutes_ago=30)
    return north.sign_in(visit(), "/queue", f"&c={key}"), key


def test_a_form_opens_by_its_key_keeps_its_words_through_news_and_gives_the_focus_back(opened, north, axe):
    page, _ = opened
    page.keyboard.press("j")
    row = page.evaluate("document.activeElement.closest('tr').dataset.id")
    page.keyboard.press("e")
    outcome = page.locator("#close-outcome")
    expect(outcome).to_be_focused()
    outcome.select_option(label="no reply needed")
    north.receive("Somebody else")
    expect(page.locator("#queue-rows tr[data-row]")).to_have_count(2)
    expect(outcome).to_be_focused()
    expect(outcome.locator("option:checked")).to_have_text("no reply needed")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(FORM)).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('tr')?.dataset.id") == row


def test_closing_by_keyboard_alone_leaves_the_conversation_closed(opened):
    page, _ = opened
    page.keyboard.press("e")
    expect(page.locator("#close-outcome")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("Outcome: choose how it ended.")
    expect(page.locator(FORM)).to_have_count(1)
    page.keyboard.type("no rep")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Closed: no reply needed.")
    expect(page.locator(FORM)).to_have_count(0)
    expect(page.locator("#panel-head")).to_contain_text("closed")
    expect(page.locator("#panel-thread")).to_contain_text(re.compile("closed by .*: no reply needed", re.IGNORECASE))


def test_another_conversation_brings_no_form_along(opened, north):
    page, _ = opened
    north.receive("Somebody else")
    expect(page.locator("#queue-rows tr[data-row]")).to_have_count(2)
    page.get_by_role("button", name="Close").click()
    expect(page.locator(FORM)).to_have_count(1)
    page.locator("#queue-rows tr[data-row] a").last.click()
    expect(page.locator("#panel-thread")).to_contain_text("Somebody else")
    expect(page.locator(FORM)).to_have_count(0)


def test_on_a_phone_a_form_is_within_reach(north, visit, axe):
    key = north.receive("Is anybody there?")
    page = north.sign_in(visit(390, 844, has_touch=True, is_mobile=True), f"/conversation/{key}")
    page.get_by_role("button", name="Close").tap()
    expect(page.locator("#close-outcome")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    page.get_by_role("button", name="Cancel").tap()
    expect(page.locator(FORM)).to_have_count(0)
