"""A shift is handed over once, taken by another person, and its picture is stored as it was."""

from datetime import timedelta

import pytest

from models.problems import BadValue
from models.shifts import LONGEST_NOTE, NotYourShift, ShiftHandOver, ShiftOver, check_shift_note
from models.snapshots.shifts import picture_from
from tests.factories import NOW
from tests.unit.layouts.test_shift import picture

GIVER, NAMED, OTHER = 1, 2, 3


def handed(**changes):
    known = {"workspace_id": 1, "audit_id": 1, "at": NOW, "given": NOW, "given_by": GIVER, "facts": {}}
    return ShiftHandOver(**known | changes)


def test_whoever_gives_it_does_not_take_it_nor_anybody_but_whom_it_names():
    for one, by in ((handed(), GIVER), (handed(taker_id=NAMED), OTHER), (handed(taker_id=NAMED), GIVER)):
        with pytest.raises(NotYourShift):
            one.accept(by, NOW)
    for one, by in ((handed(), OTHER), (handed(taker_id=NAMED), NAMED)):
        one.accept(by, NOW + timedelta(minutes=1))
        assert (one.accepted_by, one.accepted) == (by, NOW + timedelta(minutes=1))


def test_one_that_is_over_stays_as_it_is():
    accepted, back = handed(), handed()
    accepted.accept(OTHER, NOW)
    back.take_back(NOW)
    for act, how in (
        (lambda: accepted.take_back(NOW), "accepted"),
        (lambda: accepted.accept(NAMED, NOW), "accepted"),
        (lambda: back.accept(OTHER, NOW), "taken back"),
    ):
        with pytest.raises(ShiftOver, match=how):
            act()


def test_a_note_is_bounded_and_can_be_stored():
    assert check_shift_note(" Two crews\n out\0 ") == "Two crews\n out"
    for said in ("x" * (LONGEST_NOTE + 1), "\udcff"):
        with pytest.raises(BadValue):
            check_shift_note(said)


def test_a_picture_comes_back_as_it_was_stored():
    assert picture_from(picture().to_json()) == picture()
    assert picture_from(picture(accounts=None).to_json()).accounts is None
    older = picture().to_json()
    del older["gaps"], older["more_gaps"]
    assert (picture_from(older).gaps, picture_from(older).more_gaps) == (None, 0), "stored before there were gaps"
