"""Finding one's way at the desk: a search that follows the hand, the sheet of keys, and acts on many; all by keyboard."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_queue import ROWS, order, row


@pytest.fixture
def boss(north, visit):
    """Three messages wait; a supervisor has the queue open."""
    said = (("The bridge is closed", 90), ("A brick on the road", 60), ("Zgubiłam córkę", 30))
    keys = [north.receive(text, minutes_ago=ago) for text, ago in said]
    return north.sign_in(visit(), "/queue", who=north.hire("sue", "Supervisor")), keys


def searched(request):
    """What a callback of the list searches for, None for any other request."""
    body = json.loads(request.post_data or "{}") if request.method == "POST" else {}
    if not str(body.get("output", "")).startswith("..queue-data.data"):
        return None
    return next(part["value"] for part in body["inputs"] if part["property"] == "search").partition("q=")[2]


def test_results_follow_the_hand_and_never_come_out_of_order(boss, axe):
    page, (bridge, brick, lost) = boss
    held = []
    page.route(
        re.compile("_dash-update-component"),
        lambda route: held.append(route) if searched(route.request) == "br" else route.continue_(),
    )
    page.keyboard.press("/")
    expect(page.locator("#queue-search")).to_be_focused()
    with page.expect_request(lambda request: searched(request) == "br"):
        page.keyboard.type("br")
    page.keyboard.type("idg")
    page.wait_for_url("**q=bridg")
    expect(page.locator(ROWS)).to_have_count(1)
    assert held, "the first answer is on its way still"
    for route in held:
        route.continue_()
    expect(row(page, bridge).locator("mark")).to_have_text("bridg")
    expect(page.locator("#queue-found")).to_have_text("1 conversation found")
    assert order(page) == [bridge]
    assert axe(page) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#queue-panel .message")).to_contain_text("The bridge is closed")
    page.keyboard.press("/")
    page.keyboard.type("zgubilam")
    expect(row(page, lost).locator("mark")).to_have_text("Zgubiłam")
    page.reload()
    expect(page.locator("#queue-search")).to_have_value("zgubilam")
    page.get_by_role("link", name="Clear").click()
    expect(page.locator(ROWS)).to_have_count(3)
    expect(page.locator("#queue-search")).to_have_value("")
    assert brick in order(page)


def test_many_are_chosen_and_assigned_by_key_and_the_sheet_turns_keys_off(boss, axe):
    page, keys = boss
    stood = row(page, keys[2]).bounding_box()
    page.keyboard.press("j")
    page.keyboard.press("v")
    page.keyboard.press("j")
    page.keyboard.press("Shift+V")
    expect(page.locator("#queue-picked-count")).to_have_text("2 chosen")
    assert row(page, keys[2]).bounding_box() == stood
    assert axe(page) == []
    page.locator("#many-to").select_option("nobody")
    page.locator("#many-move").click()
    expect(page.get_by_role("status")).to_have_text("2 conversations assigned.")
    expect(page.locator("#queue-many")).to_be_hidden()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys on this page")
    expect(sheet).to_be_visible()
    assert axe(page) == []
    sheet.get_by_label(re.compile("Single keys")).uncheck()
    expect(page.locator("#frame")).to_have_attribute("data-single-keys", "off")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#queue-search")).not_to_be_focused()
