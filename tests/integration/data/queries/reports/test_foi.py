"""The pack for freedom-of-information requests: the figures of the reports, small counts withheld, the same file again."""

from datetime import UTC, date, datetime

import pytest

from data.queries.reports.activity import activity_report
from data.queries.reports.foi import HASH, HEADINGS, digest, foi_pack
from data.queries.reports.response import response_report
from models.permissions import BUILT_IN_ROLES, Scope
from models.problems import NotPermitted
from models.reporting import ReportFilters, report_filters_from
from tests.histories import DAY, HOUR, History
from tests.rows import open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)


def scope(history, role="Analyst"):
    return Scope(history.id, history.slug, BUILT_IN_ROLES[role], 1, "Lewis")


def filters(**fields):
    return report_filters_from({"period": "90d", **fields}, NOW.date())


def test_the_pack_has_the_reports_figures_by_month_and_network_and_withholds_small_counts(database_url):
    database = open_database(database_url)
    history = History(database)
    with history.at_once():
        busy, rare = history.account("x"), history.account("facebook")
        history.messages([busy], history.instants(300, NOW - 80 * DAY, NOW))
        history.messages([rare], [NOW - 40 * DAY, NOW - 41 * DAY])
        history.turns([busy], history.instants(90, NOW - 80 * DAY, NOW - HOUR), NOW)
    lines = foi_pack(database, scope(history), filters(), NOW)
    begins = lines.index(HEADINGS)
    found = {line[:2]: dict(zip(HEADINGS, line, strict=True)) for line in lines[begins + 1 :]}
    assert [month for month, network in found if network == "x"] == ["2026-08", "2026-09", "2026-10", "2026-11"]
    october = ReportFilters("custom", date(2026, 10, 1), date(2026, 10, 31), "x")
    shown, waited = (read(database, scope(history), october, NOW) for read in (activity_report, response_report))
    line = found[("2026-10", "x")]
    assert (line["messages received"], line["first contacts"]) == (shown.total, waited.groups[0].public.n)
    assert line["answered"] in (waited.answered, "1 to 4")
    median = waited.groups[0].public.median
    assert line["median first response (min)"] == (
        None if median is None else pytest.approx(median.length.total_seconds() / 60, abs=0.1)
    )
    assert found[("2026-10", "facebook")]["messages received"] in ("1 to 4", 0)
    assert dict(lines[: begins - 1])["Last day"] == "2026-11-22"
    assert (HASH, digest([*lines[: begins - 2], *lines[begins:]])) in lines

    assert foi_pack(database, scope(history), filters(), NOW) == lines
    history.messages([busy], [NOW - 50 * DAY] * 9)
    assert (
        dict(foi_pack(database, scope(history), filters(), NOW)[: begins - 1])[HASH] != dict(lines[: begins - 1])[HASH]
    )
    with pytest.raises(NotPermitted):
        foi_pack(database, scope(history, "Auditor"), filters(), NOW)
    database.close()
