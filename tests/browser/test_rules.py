"""Workflow rules by keyboard alone: write one, try it, turn it on, and the next message is routed by it."""

from playwright.sync_api import expect
from sqlalchemy import select

from data.clock import utc_now
from data.intake import take
from data.page import AccountFacts
from data.people import grant
from models.audit import COMMAND
from models.conversation import Conversation
from models.people import User
from models.posts import Author, Batch, Direction, Kind, Post
from tests.browser.test_access import SET_THEME


def arrive(north, account_id, text):
    """A message comes in as a network gives it."""
    now = utc_now()
    post = Post("p1", now, text, Kind.PUBLIC, Direction.IN, Author("99", "@dan", "Dan", None))
    take(north.database, AccountFacts(north.workspace_id, account_id, "x"), Batch((post,), "c"), now, utc_now)


def test_a_rule_is_written_tried_turned_on_and_routes_the_next_message(north, visit, axe):
    key = north.receive("Somebody waves a glimmerfish at the station", minutes_ago=30)
    boss = north.hire("tom", "Administrator")
    with north.database.read() as db:
        account_id = db.get_one(Conversation, key).account_id
        user_id = db.scalars(select(User.id).where(User.sign_in == boss)).one()
    grant(north.database, north.workspace_id, user_id, "Operator", utc_now(), COMMAND)
    page = north.sign_in(visit(), "/admin/rules", who=boss)
    page.get_by_role("textbox", name="Name").focus()
    page.keyboard.type("Glimmerfish")
    page.keyboard.press("Tab")
    page.get_by_label("and says any of").focus()
    page.keyboard.type("g*")
    expect(page.locator("#admin-rules-check")).to_contain_text("would find almost every message")
    page.keyboard.press("Backspace")
    page.keyboard.type("limmerfish")
    expect(page.locator("#admin-rules-check")).to_contain_text("A message that says “glimmerfish”")
    page.get_by_label("grade it").focus()
    page.keyboard.press("E")
    page.get_by_role("button", name="Try it on the last 30 days").focus()
    page.keyboard.press("Enter")
    trial = page.locator("#admin-rules-trial")
    expect(trial).to_contain_text("would have touched 1 of 1 message")
    expect(trial.locator("mark")).to_have_text("glimmerfish")
    for theme in ("dark", "light"):
        page.evaluate(SET_THEME, theme)
        assert axe(page) == []
    page.get_by_role("textbox", name="Name").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("The rule is saved, and off")
    page.get_by_role("button", name="Turn on Glimmerfish").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("The rule is on")
    expect(page.get_by_role("button", name="Turn off Glimmerfish")).to_be_focused()
    page.get_by_role("link", name="Glimmerfish").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#notice")).to_contain_text("The order is changed")

    arrive(north, account_id, "Another glimmerfish, by the river")
    page.goto(north.at("/queue"))
    row = page.locator("[data-row]", has_text="by the river")
    expect(row).to_contain_text("Emergency")
