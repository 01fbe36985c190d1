"""Short links through the whole program: followed by anybody, counted once, and never led astray."""

from datetime import timedelta

import pytest

from callbacks import tracking
from data.queries.reports.engagement import engagement_report
from data.tracking import add_link, set_link_off
from models.problems import NotFound, NotPermitted
from models.reporting import CUSTOM, ReportFilters
from tests.rows import NOW, add_member, add_workspace, scope_of
from tests.visits import Visitor

TARGET = "https://northshire.example/floods?from=post"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def boss(database, north):
    return scope_of(north, add_member(database, north, "boss", "Administrator"), "Administrator")


def own(database, workspace_id, user_id, slug="north"):
    """The links of the report of today."""
    scope = scope_of(workspace_id, user_id, "Analyst", slug)
    today = NOW.date()
    return engagement_report(database, scope, ReportFilters(CUSTOM, today, today), NOW).links


def test_a_link_leads_to_its_target_and_counts_people_by_kind_of_place(server, database, north, boss, clock):
    code = add_link(database, boss, "Floods", TARGET, NOW)
    path = f"/l/{code}?to=https://evil.example"
    reader = Visitor(server)
    answer = reader.get(path, **{"User-Agent": FIREFOX, "Referer": "https://t.co/x"})
    assert (answer.status_code, answer.headers["Location"]) == (302, TARGET)
    assert answer.headers["Cache-Control"] == "no-store"
    reader.get(path, **{"User-Agent": FIREFOX, "Referer": "https://t.co/x"})
    reader.client.head(path, headers={"User-Agent": FIREFOX})
    reader.get(path, **{"User-Agent": "Twitterbot/1.0"})
    reader.get(path, **{"User-Agent": FIREFOX, "Sec-Purpose": "prefetch"})
    assert own(database, north, boss.user_id) == (("Floods", code, 1, 0, 0, 0),)
    Visitor(server, "198.51.100.7").get(path, **{"User-Agent": FIREFOX})
    clock.on(timedelta(minutes=1))
    reader.get(path, **{"User-Agent": FIREFOX, "Referer": "https://news.example/"})
    assert own(database, north, boss.user_id) == (("Floods", code, 1, 0, 1, 1),)
    south = add_workspace(database, "south")
    assert own(database, south, boss.user_id, "south") == ()


def test_a_link_that_is_off_or_unknown_says_so(server, database, north, boss, visitor):
    code = add_link(database, boss, "Floods", TARGET, NOW)
    set_link_off(database, boss, 1, True, NOW)
    page = visitor.get(f"/l/{code}", **{"User-Agent": FIREFOX})
    assert (page.status_code, "was turned off" in page.text, "Location" in page.headers) == (410, True, False)
    for wrong in ("x", "%00", "%ed%a0%80", "x" * 5_000):
        assert visitor.get(f"/l/{wrong}").status_code == 404
    set_link_off(database, boss, 1, False, NOW)
    assert visitor.get(f"/l/{code}").status_code == 302


def test_only_administrators_make_links_and_nobody_elses_are_found(database, north, boss):
    with pytest.raises(NotPermitted):
        add_link(database, scope_of(north, boss.user_id, "Analyst"), "Floods", TARGET, NOW)
    add_link(database, boss, "Floods", TARGET, NOW)
    south = scope_of(add_workspace(database, "south"), boss.user_id, "Administrator", "south")
    with pytest.raises(NotFound):
        set_link_off(database, south, 1, True, NOW)


def test_counting_a_program_would_be_seen(server, database, north, boss, monkeypatch):
    """The planted fault: everybody is a person."""
    monkeypatch.setattr(tracking, "is_person", lambda *_: True)
    code = add_link(database, boss, "Floods", TARGET, NOW)
    Visitor(server).client.head(f"/l/{code}")
    assert own(database, north, boss.user_id) == (("Floods", code, 0, 0, 0, 1),)
