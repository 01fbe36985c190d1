"""An analyst's half hour: choose a period, read the figures, look into a table, take a file away."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from data.clock import utc_now
from layouts import wording
from tests.browser.conftest import Place
from tests.browser.test_access import look
from tests.histories import DAY, HOUR, History
from tests.rows import add_member

REPORTS = ("activity", "response", "hours", "topics", "compare")


@pytest.fixture
def county(program, north):
    """A workspace with a month of messages and turns, and an analyst."""
    history = History(program.database, f"county-{north.slug}")
    now = utc_now()
    with history.at_once():
        accounts = [history.account("x", handle="@county"), history.account("facebook", handle="County Police")]
        history.messages(accounts, history.instants(300, now - 40 * DAY, now - HOUR))
        history.turns(accounts, history.instants(90, now - 27 * DAY, now - timedelta(hours=6)), now)
    analyst = f"lewis-{history.slug}"
    add_member(program.database, history.id, analyst, "Analyst", now)
    return Place(program.database, program.address, history.id, history.slug, analyst)


@pytest.mark.parametrize(("number", "name"), list(enumerate(REPORTS)))
def test_reports_are_accessible_in_every_theme(county, visit, axe, number, name):
    page = county.sign_in(visit(), f"/reports/{name}")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    found = look(page, axe, number)
    assert not found, "\n".join(found)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_period_is_chosen_read_and_taken_away_by_keyboard(county, visit):
    page = county.sign_in(visit(), "/wallboard/main")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Inbound messages")).to_be_visible()
    expect(page.locator("#reports-dates")).to_be_hidden()
    page.get_by_label("Period", exact=True).focus()
    page.keyboard.press("Home")
    expect(page.locator("#reports-body")).to_contain_text("over 7 days")
    assert "period=7d" in page.url
    page.get_by_label("Account", exact=True).select_option(label="@county (X)")
    others = page.get_by_role("link", name="Response times")
    expect(others).to_have_attribute("href", re.compile("account="))
    others.press("Enter")
    expect(page.get_by_role("heading", name="Where the wait went")).to_be_visible()
    assert "period=7d&account=" in page.url
    page.get_by_label("Period", exact=True).select_option(value="custom")
    expect(page.locator("#reports-dates")).to_be_visible()
    first = (utc_now() - 20 * DAY).date()
    page.get_by_label("From", exact=True).fill(first.isoformat())
    last = date.fromisoformat(page.get_by_label("to", exact=True).input_value())
    expect(page.locator(".report-standing")).to_contain_text(wording.dates(first, last))
    assert f"from={first.isoformat()}" in page.url
    page.locator("summary", has_text="Table").press("Enter")
    expect(page.get_by_role("region", name="Table: First response, public clock")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download figures (Excel)").press("Enter")
    assert taken.value.suggested_filename.endswith(".xlsx")
    section = (
        page.locator(".report-section").filter(has=page.get_by_role("heading", name="First response", exact=True)).first
    )
    pictures = {}
    for form in ("svg", "png"):
        with page.expect_download() as taken:
            section.get_by_role("button", name=f"Picture ({form.upper()})").press("Enter")
        assert taken.value.suggested_filename == f"watchroom-response-first-response.{form}"
        pictures[form] = taken.value.path().read_bytes()
    drawn = pictures["svg"].decode()
    assert drawn.startswith("<svg")
    assert "First response" in drawn
    assert section.locator(".sentence").inner_text().split()[0] in drawn
    assert pictures["png"].startswith(b"\x89PNG")


def test_going_back_shows_the_report_of_before(county, visit):
    page = county.sign_in(visit(), "/reports/activity", "&period=90d")
    expect(page.locator(".report-standing")).to_be_visible()
    page.get_by_label("Period", exact=True).select_option(value="7d")
    expect(page.locator("#reports-body")).to_contain_text("over 7 days")
    page.go_back()
    expect(page.locator("#reports-body")).not_to_contain_text("over 7 days")
    assert "period=90d" in page.url
