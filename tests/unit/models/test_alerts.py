"""When an alert out is tried again, and what a destination may be called."""

from datetime import timedelta

import pytest

from models.alerts import LONGEST_PAUSE, check_name, pause_after
from models.problems import BadValue


def test_what_failed_is_tried_ever_more_rarely_and_for_ever():
    assert [pause_after(tries) // timedelta(seconds=1) for tries in (1, 2, 3)] == [10, 20, 40]
    assert pause_after(10**9) == LONGEST_PAUSE


def test_a_destination_has_a_name():
    assert check_name(" duty\0 ") == "duty"
    for wrong in ("", " \0", "x" * 61):
        with pytest.raises(BadValue):
            check_name(wrong)
