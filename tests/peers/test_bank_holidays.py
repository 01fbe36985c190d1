"""The bank holidays of a calendar are the ones that government publishes (docs/decisions/0003-bank-holidays.md)."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from models.calendars import NATIONS, bank_holidays

DIVISIONS = {
    "England": "england-and-wales",
    "Wales": "england-and-wales",
    "Scotland": "scotland",
    "Northern Ireland": "northern-ireland",
}
FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)


@pytest.fixture(scope="module")
def official() -> dict[str, dict[date, str]]:
    path = Path(os.environ["PEER_DATA"]) / "uk_bank_holidays_2019_2028.json"
    divisions = json.loads(path.read_text())["divisions"]
    return {
        nation: {date.fromisoformat(one["date"]): one["notes"] for one in divisions[division]}
        for nation, division in DIVISIONS.items()
    }


@pytest.mark.parametrize("nation", NATIONS)
def test_every_date_is_an_official_one_and_none_is_missing(official, nation):
    ours = set(bank_holidays(nation, FIRST, LAST))
    assert len(ours) >= 80
    assert ours == set(official[nation])


@pytest.mark.parametrize("nation", NATIONS)
def test_a_substitute_day_is_named_as_one_where_the_holiday_was_moved_off_a_weekend(official, nation):
    ours = bank_holidays(nation, FIRST, LAST)
    moved = {day for day, notes in official[nation].items() if notes == "substitute_day"}
    assert len(moved) >= 10
    assert {day for day, name in ours.items() if "substitute day" in name} == moved
