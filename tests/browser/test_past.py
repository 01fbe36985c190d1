"""The record on the screen: the audit, a trail, and the past, by keyboard and for everybody."""

from datetime import timedelta

from playwright.sync_api import expect

from data.clock import utc_now
from data.minutes import note_minute
from tests.browser.test_access import look


def test_a_supervisor_looks_back_by_keyboard_and_an_auditor_verifies(north, visit, axe):
    key = north.receive("Smoke over the mill", minutes_ago=3)
    note_minute(north.database, north.workspace_id, utc_now() - timedelta(minutes=1))
    who = north.hire("joy", "Supervisor")
    user = f"patricia-{north.slug}"
    north.hire("patricia", "Auditor")
    page = north.sign_in(visit(), "/accounts", who=who)

    page.goto(north.at("/wallboard/main", "&at=earlier"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("As at")
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    wrong = look(page, axe, 0)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("link", name="The queue then").press("Enter")
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    before = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="−1 min").press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    expect(page.locator(".button-new")).to_have_count(0)
    wrong += look(page, axe, 1)
    page.fill("#past-time", "00:00")
    page.fill("#past-day", "2020-01-01")
    page.get_by_role("button", name="Go there").press("Enter")
    expect(page.get_by_text("was not kept")).to_be_visible()
    page.get_by_role("link", name="Back to now").press("Enter")
    page.locator("#live-age[data-live=true]").wait_for()

    page.goto(north.at(f"/trail/{key}"))
    expect(page.get_by_text("A message of the contact arrived")).to_be_visible()
    wrong += look(page, axe, 2)

    page = north.sign_in(visit(), "/audit", who=user)
    page.get_by_role("button", name="Verify").press("Enter")
    expect(page.get_by_text("chain whole")).to_be_visible(timeout=15_000)
    page.locator("#audit-action").select_option("store")
    expect(page.locator(".audit-rows tbody tr")).to_have_count(1)
    wrong += look(page, axe, 3)
    assert not wrong, "\n".join(wrong)
