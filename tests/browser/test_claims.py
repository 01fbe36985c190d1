"""Several people at one conversation: who looks and who writes, two who claim at once, and a claim passed from hand to hand."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from data.clock import utc_now
from models.audit import AuditEvent
from models.conversation import Conversation, Interval
from tests.browser.conftest import Place
from tests.programs import Served
from tests.rows import add_conversation, add_member, add_workspace, open_database

BOTH = 50
PRESS_AT = """(instant) => {
  const button = document.querySelector("button[data-key=c]");
  setTimeout(() => button.click(), instant - Date.now());
}"""
"""Two browsers press at one instant: pressed one after the other, the second has often heard of the first already."""


def opened(place, page, key, who=""):
    """The conversation as a page, drawn and live."""
    return place.sign_in(page, f"/conversation/{key}", who=who)


@pytest.fixture
def pair(north, visit):
    """Two operators with one conversation open, and its key."""
    key = north.receive("There is smoke over the mill")
    ben = north.hire("ben")
    return opened(north, visit(), key), opened(north, visit(), key, ben), key


def test_people_see_who_looks_and_who_writes_until_they_leave(pair):
    ann, ben, _ = pair
    told = ann.locator("#panel-presence")
    expect(told).to_have_text(re.compile("Ben.* is looking at this."))
    ben.keyboard.press("c")
    expect(ben.locator("#panel-head")).to_contain_text("You are answering")
    ben.keyboard.press("h")
    ben.locator("#handover-note").press_sequentially("He is alone")
    expect(told).to_have_text(re.compile("Ben.* is writing."))
    ben.close()
    expect(told).to_be_empty()


def test_a_claim_is_handed_over_and_accepted_by_key_and_nothing_typed_is_lost(pair, axe):
    ann, ben, _ = pair
    ann.keyboard.press("c")
    expect(ann.locator("#panel-head")).to_contain_text("You are answering")
    expect(ben.get_by_role("button", name="Take over")).to_be_visible()
    ann.keyboard.press("h")
    expect(ann.locator("#handover-to")).to_be_focused()
    assert axe(ann) == []
    option = ann.locator("#handover-to option").filter(has_text=re.compile("^Ben"))
    ann.locator("#handover-to").select_option(value=option.get_attribute("value"))
    ann.locator("#handover-note").fill("His mother calls at six")
    ann.keyboard.press("Control+Enter")
    expect(ben.locator("#panel-head")).to_contain_text("His mother calls at six")
    assert axe(ben) == []
    ben.keyboard.press("y")
    expect(ben.locator("#panel-head")).to_contain_text("You are answering")
    expect(ann.locator("#panel-head")).to_contain_text(re.compile("Ben.* is answering"))
    expect(ann.locator("#panel-thread")).to_contain_text("accepted the hand-over from")


def test_a_supervisor_assigns_and_takes_over_on_a_phone(north, visit, axe):
    key = north.receive("The lights are out in Mill Road")
    ben, sue = north.hire("ben"), north.hire("sue", "Supervisor")
    desk = opened(north, visit(), key, ben)
    desk.keyboard.press("c")
    expect(desk.locator("#panel-head")).to_contain_text("You are answering")
    phone = opened(north, visit(390, 844), key, sue)
    phone.get_by_role("button", name="Take over").click()
    phone.locator("#takeover-reason").fill("I know the family")
    assert axe(phone, ".panel") == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.locator("#takeover-submit").click()
    expect(phone.locator("#panel-head")).to_contain_text("You are answering")
    expect(desk.locator("#panel-thread")).to_contain_text("I know the family")
    phone.locator(".more summary").click()
    phone.get_by_role("button", name="Assign").click()
    option = phone.locator("#assign-to option").filter(has_text=re.compile("^Ben"))
    phone.locator("#assign-to").select_option(value=option.get_attribute("value"))
    phone.locator("#assign-submit").click()
    expect(desk.locator("#panel-head")).to_contain_text("Assigned to you")
    expect(phone.locator("#panel-head")).to_contain_text("Nobody is answering.")


@pytest.fixture
def elsewhere(database_url, tmp_path):
    """A program of this test's own, on either database."""
    database = open_database(database_url)
    slug, begun = "race", utc_now()
    workspace_id = add_workspace(database, slug, begun)
    for name in ("ann", "ben"):
        add_member(database, workspace_id, name, "Operator", begun)
    served = Served(database_url, tmp_path)
    yield Place(database, served.address, workspace_id, slug, "ann")
    served.stop()
    database.close()


@pytest.mark.timeout(1_800)
def test_two_browsers_race_and_each_conversation_has_one_winner_and_one_event(elsewhere, visit, rounds):
    keys = [add_conversation(elsewhere.database, elsewhere.workspace_id, utc_now()) for _ in range(rounds(BOTH))]
    pages = {name: elsewhere.sign_in(visit(), "/queue", who=name) for name in ("ann", "ben")}
    won = []
    for key in keys:
        for page in pages.values():
            page.goto(elsewhere.at(f"/conversation/{key}"))
            expect(page.locator("button[data-key=c]")).to_be_visible()
            page.locator("#live-age[data-live=true]").wait_for()
        together = pages["ann"].evaluate("Date.now()") + 150
        for page in pages.values():
            page.evaluate(PRESS_AT, together)
        heads = {name: page.locator("#panel-head") for name, page in pages.items()}
        for head in heads.values():
            expect(head).to_contain_text("answering, since")
        winners = [name for name, head in heads.items() if "You are answering" in head.inner_text()]
        assert len(winners) == 1, key
        loser = next(name for name in pages if name not in winners)
        expect(heads[loser]).to_contain_text(f"{winners[0].title()} is answering")
        won += winners
    with elsewhere.database.read() as db:
        claims = db.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "claim"))
        held = db.scalar(select(func.count()).select_from(Interval).where(Interval.kind == "claim"))
        holders = db.scalar(select(func.count()).select_from(Conversation).where(Conversation.holder_id.is_not(None)))
    assert (claims, held, holders) == (len(keys), len(keys), len(keys))
    print(f"{len(keys)} conversations: {won.count('ann')} won by one browser, {won.count('ben')} by the other")
