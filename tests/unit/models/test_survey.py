"""What a survey's answers amount to, and what it may say."""

import pytest

from models.problems import BadValue
from models.survey import LINK, TEXT, Surveyed, check_text


@pytest.mark.parametrize(("valid", "calls"), [(100, (8704, 11897)), (1_000, (9850, 10876)), (17_000, (10245, 10494))])
def test_merseysides_published_figures_as_a_worked_example(valid, calls):
    no, call = valid * 27 // 100, valid * 61 // 100
    found = Surveyed(closed=17_000, asked=17_000, no=no, call=call, other=valid - no - call)
    assert round(found.share(found.no) * found.closed) == 4_590
    assert round(found.share(found.call) * found.closed) == 10_370
    assert found.avoided == calls
    assert calls[0] < 10_370 < calls[1]


def test_who_cannot_say_answered_but_gave_no_valid_answer():
    found = Surveyed(closed=80, asked=50, no=3, call=6, other=1, unsure=10)
    assert (found.answered, found.valid, found.rate, found.share(found.no)) == (20, 10, 0.4, 0.3)
    assert found.avoided == (25, 67)


def test_without_answers_nothing_is_known_and_below_ten_there_is_no_range():
    nobody = Surveyed()
    assert (nobody.rate, nobody.share(0), nobody.between(0), nobody.avoided) == (None, None, None, None)
    assert Surveyed(closed=9, asked=9, call=9).avoided is None


def test_the_question_holds_its_link_once():
    assert check_text(f"  {TEXT}\n") == TEXT
    for wrong in ("", "No link", LINK * 2, LINK + "x" * 200, f"{LINK}\0"):
        with pytest.raises(BadValue):
            check_text(wrong)
