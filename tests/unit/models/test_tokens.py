"""What a token may be called, be good for and last."""

from datetime import timedelta

import pytest

from models.permissions import Permission
from models.problems import BadValue
from models.tokens import Reach, check_token, opened_by


def test_a_token_is_for_something_for_some_days():
    assert check_token("  Duty  board ", ["queue", "figures", "queue"], 90) == (
        "Duty board",
        ["figures", "queue"],
        timedelta(days=90),
    )


@pytest.mark.parametrize(
    ("name", "reach", "days"),
    [
        ("", ["queue"], 90),
        ("x" * 61, ["queue"], 90),
        ("a\0b", ["queue"], 90),
        ("a\ud800", ["queue"], 90),
        ("board", [], 90),
        ("board", ["everything"], 90),
        ("board", ["queue"], 91),
    ],
)
def test_what_no_token_can_be_is_refused(name, reach, days):
    with pytest.raises(BadValue):
        check_token(name, reach, days)


def test_every_reach_opens_one_thing():
    assert opened_by(["figures"]) == {Permission.REPORT}
    assert len(opened_by(list(Reach))) == len(Reach)
    assert opened_by(["administer"]) == frozenset()
