"""Words of the banner: begun from a report, checked before everybody reads them."""

import pytest

from models.incidents import KEYS
from models.major import LONGEST_LINES, LONGEST_SUMMARY, check_lines, check_summary, summary_of
from models.problems import BadValue


def test_a_summary_begins_with_what_the_report_knows():
    report = dict.fromkeys(KEYS, "") | {"major": "declared", "location": "Canal Street.", "hazards": "Smoke, gas"}
    assert summary_of(report) == "Exact location: Canal Street. Hazards: Smoke, gas."
    assert summary_of({}) == ""
    assert len(summary_of(dict.fromkeys(KEYS, "x" * 900))) == LONGEST_SUMMARY


def test_words_are_one_line_and_bounded():
    assert check_summary("  Fire\n in \0Canal Street ") == "Fire in Canal Street"
    assert check_lines(" \n") == ""
    for check, said in (
        (check_summary, " "),
        (check_summary, "x" * (LONGEST_SUMMARY + 1)),
        (check_lines, "x" * (LONGEST_LINES + 1)),
        (check_lines, "\ud800"),
    ):
        with pytest.raises(BadValue):
            check(said)
