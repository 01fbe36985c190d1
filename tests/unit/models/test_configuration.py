"""What a configuration may say, and what stays whatever it says."""

from datetime import UTC, datetime

import pytest

from models.configuration import checked, differences, merged
from models.problems import BadValue

NOW = datetime(2026, 11, 23, tzinfo=UTC)
VERSION = {
    "number": 1, "begins": None, "zone": "Europe/London", "windows": [[0, "09:00", "17:00"]], "nation": None,
    "closed_on_holidays": True, "holiday_windows": [], "exceptions": [],
}  # fmt: skip


def calendar(*versions):
    return checked({"calendar": list(versions)})


def test_a_version_that_has_begun_can_neither_change_nor_go():
    held = calendar(VERSION, VERSION | {"number": 2, "begins": "2026-01-01T00:00:00+00:00"})
    later = VERSION | {"number": 3, "begins": "2027-01-01T00:00:00+00:00"}
    assert [one["number"] for one in merged(held, calendar(later), NOW)["calendar"]] == [1, 2, 3]
    for wrong in (
        VERSION | {"zone": "UTC"},
        VERSION | {"number": 4},
        later | {"number": 2},
        later | {"begins": "2026-11-01T00:00:00+00:00"},
    ):
        with pytest.raises(BadValue, match="has begun"):
            merged(held, calendar(wrong), NOW)


def test_a_fresh_workspace_takes_any_calendar():
    assert (
        merged(calendar(VERSION), calendar(VERSION | {"zone": "UTC"}), NOW, fresh=True)["calendar"][0]["zone"] == "UTC"
    )


def test_a_version_says_when_it_begins_with_a_zone():
    with pytest.raises(BadValue, match="cannot be read"):
        calendar(VERSION | {"begins": "2027-01-01T00:00:00"})


def test_differences_are_told_line_by_line_in_order():
    before = checked({"workspace": {"aim": 0.9}, "topics": [{"word": "A"}], "blocked_words": [{"word": "x"}]})
    after = checked({"workspace": {"aim": 0.8}, "topics": [{"word": "A"}, {"word": "B"}], "blocked_words": []})
    assert differences(before, after) == [
        ("workspace, aim", "0.9", "0.8"),
        ("blocked_words, x", "blocked", ""),
        ("topics, B", "", "there"),
    ]
