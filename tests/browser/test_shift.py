"""A shift from a major incident to its hand-over, by two supervisors; the banner on pages and a wall, clean in both themes."""

import re

import pytest
from playwright.sync_api import expect

from data.clock import utc_now
from data.incidents import open_incident
from tests.rows import scope_of


@pytest.fixture
def clean(axe):
    """``clean(page)``: nothing on the page as it stands keeps anybody out, in either theme."""

    def check(page):
        for theme in ("light", "dark"):
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            assert axe(page) == []

    return check


def test_a_shift_is_handed_over_with_its_major_incident_and_accepted_by_name(north, visit, clean):
    names = [north.hire(name, "Supervisor") for name in ("sue", "tom")]
    north.receive("Smoke over the ward", minutes_ago=230)
    sue, tom = visit(), visit(390, 844)
    north.sign_in(tom, "/shift", who=names[1])
    north.sign_in(sue, "/queue", who=names[0])
    fire = open_incident(
        north.database, scope_of(north.workspace_id, 1, "Supervisor"), "Canal Street fire", "", [], utc_now()
    )
    declare(sue, north, fire, clean)
    expect(tom.locator("#major .major")).to_contain_text("Smoke over the ward")
    hand_over(sue, clean)
    take_over(tom, names[1].title(), clean)
    expect(sue.locator("#shift-past")).to_contain_text(names[1].title())
    expect(sue.locator("#shift-waiting")).to_be_empty()


def declare(page, north, fire, clean):
    page.goto(north.at(f"/incidents/{fire}"))
    page.get_by_text("Major incident banner").click()
    page.get_by_label("METHANE summary").fill("Smoke over the ward")
    page.get_by_label("Joint lines").fill("Stay indoors.")
    page.get_by_label("Everybody in this workspace is to see this at once").check()
    page.get_by_role("button", name="Put it on every screen").press("Enter")
    expect(page.locator("#major .major")).to_contain_text("Canal Street fire")
    page.get_by_text("Write a decision down").click()
    page.get_by_label("Threat and risk").fill("The crowd at the bridge is in it")
    page.get_by_role("button", name="Keep the decision").press("Enter")
    expect(page.locator(".decision")).to_contain_text("The crowd at the bridge")
    page.locator("#major summary").click()
    clean(page)
    page.goto(north.at("/wallboard/main"))
    expect(page.locator(".major-wall")).to_contain_text("We say: Stay indoors.")
    clean(page)


def hand_over(page, clean):
    page.locator("#live-age[data-live=true]").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.locator("#shift-picture")).to_contain_text("wrote a decision down on incident")
    page.get_by_label("Note").fill("Two crews are out")
    page.get_by_role("button", name="Hand it over").press("Enter")
    expect(page.locator("#shift-waiting")).to_contain_text("Nobody has accepted it yet")
    clean(page)


def take_over(page, name, clean):
    button = page.get_by_role("button", name=re.compile("Take the shift over as"))
    expect(button).to_contain_text(name)
    expect(page.locator("#shift-waiting")).to_contain_text("Two crews are out")
    clean(page)
    button.press("Enter")
    expect(page.get_by_text("The shift is yours.")).to_be_visible()
    page.locator("#shift-past a").first.click()
    expect(page.locator("#shift")).to_contain_text(f"Taken over by {name}")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
