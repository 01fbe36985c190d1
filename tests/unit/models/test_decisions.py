"""What may be written into the decision log."""

import pytest

from models.decisions import KEYS, LONGEST_ANSWER, check_answers
from models.problems import BadValue


def test_what_was_filled_in_is_kept_on_one_line():
    assert check_answers({"threat": " Crowd\n growing\0 ", "action": "", "options": None, "other": "x"}) == {
        "threat": "Crowd growing"
    }
    assert list(check_answers(dict.fromkeys(KEYS, "x"))) == list(KEYS)
    assert len(KEYS) == 6


def test_nothing_too_much_and_what_cannot_be_stored_is_refused():
    for given in ({}, {"threat": " "}, {"threat": 7}, {"threat": "x" * (LONGEST_ANSWER + 1)}, {"threat": "\ud800"}):
        with pytest.raises(BadValue):
            check_answers(given)
