"""What an address says of the audit, read forgivingly."""

from datetime import date

import pytest

from models.auditing import AuditFilters, audit_fields, audit_filters_from

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", date(2026, 11, 25), TODAY),
        ("yesterday", date(2026, 11, 24), date(2026, 11, 24)),
        ("7d", date(2026, 11, 19), TODAY),
        ("28d", date(2026, 10, 29), TODAY),
        ("all", None, None),
        ("nonsense", date(2026, 11, 19), TODAY),
        ("custom", date(2026, 11, 19), TODAY),
    ],
)
def test_periods_are_whole_local_days(period, first, last):
    found = audit_filters_from({"period": period}, TODAY)
    assert (found.first, found.last) == (first, last)


def test_chosen_dates_are_put_in_order():
    found = audit_filters_from({"period": "custom", "from": "2026-11-03", "to": "2026-11-01"}, TODAY)
    assert (found.first, found.last) == (date(2026, 11, 1), date(2026, 11, 3))


@pytest.mark.parametrize("day", ["1999-01-01", "x", "9999-01-01"])
def test_days_that_make_no_sense_are_left_out(day):
    assert audit_filters_from({"period": "custom", "from": day, "to": "2026-11-01"}, TODAY).period == "7d"


def test_an_address_says_the_same_again():
    given = {"person": "Ann", "action": "claim", "kind": "conversation", "number": "12", "before": "99"}
    for period in ({}, {"period": "all"}, {"period": "custom", "from": "2026-11-01", "to": "2026-11-03"}):
        found = audit_filters_from(given | period, TODAY)
        assert audit_fields(found) == given | period
        assert audit_filters_from(audit_fields(found), TODAY) == found
    assert audit_fields(AuditFilters()) == {}
