"""The page of the shift: what waits, what would be handed over, what was."""

from dataclasses import replace

from layouts import shift
from models.snapshots.shifts import HandAccount, HandDeed, HandedOver, HandGap, HandRow, ShiftPage, ShiftPicture
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

ROW = HandRow(7, make.EMERGENCY, "x", "@northshire", make.ago(47), make.ago(17), None)
GIVEN = HandedOver(4, make.NOW, make.NOW, "J. Okafor", False, None, True, "Two crews out", None, None, None)


def picture(**changes):
    known = ShiftPicture(
        at=make.NOW,
        since=make.ago(600),
        waiting=(("Emergency", 1), ("Standard", 6)),
        held=(("R. Hale", 2),),
        risk=(ROW,),
        more_risk=3,
        due=(),
        more_due=0,
        accounts=(HandAccount("@hub", "mastodon", "failing", make.ago(9)),),
        deeds=(HandDeed(make.ago(30), "J. Okafor", "incident.open", "incident", 3),),
        major="Canal Street fire",
        major_since=make.ago(60),
        gaps=(
            HandGap("@northshire", "x", make.ago(200), make.ago(45)),
            HandGap("@hub", "mastodon", make.ago(9), None),
        ),
        more_gaps=2,
    )
    return replace(known, **changes)


def page(**changes):
    known = {
        "workspace": make.NORTHSHIRE,
        "as_at": make.NOW,
        "revision": 9,
        "user": "A. Singh",
        "picture": picture(),
        "contacts": {7: "Priya Nair"},
        "chosen": None,
        "shown": None,
        "waiting": None,
        "past": (),
        "takers": ((2, "A. Singh"),),
        "may_hand": True,
    }
    return ShiftPage(**known | changes)


def said(**changes):
    return " ".join(texts(shift.page(page(**changes))))


def test_it_says_what_would_be_handed_over():
    text = said()
    for words in (
        "MAJOR INCIDENT", "Canal Street fire", "1 emergency, 6 standard", "R. Hale 2", "Priya Nair", "3 more in the queue",
        "@hub", "failing", "opened incident 3", "Due within two hours, 0",
        "Unwatched times, 4", "2 h 35", "still", "9 min", "2 shorter ones",
        "No shift was handed over yet",
    ):  # fmt: skip
        assert words in text, words


def test_the_next_supervisor_takes_it_over_by_name():
    text = said(waiting=GIVEN)
    assert (
        "Take the shift over as A. Singh" in text and "Two crews out" in text and "Nobody has accepted it yet" in text
    )
    mine = said(waiting=replace(GIVEN, mine=True, for_me=False))
    assert "Take the shift over" not in mine and "Take it back" in mine


def test_who_may_not_move_work_looks_only():
    text = drawn(shift.page(page(waiting=GIVEN, may_hand=False)))
    assert "shift-over" not in text and "shift-give" not in text and "Two crews out" in text


def test_one_that_was_handed_over_stands_as_it_was():
    over = replace(GIVEN, accepted=make.NOW, accepted_by="A. Singh", to="A. Singh")
    text = said(shown=over, past=(over,))
    assert "Taken over by A. Singh" in text and "to A. Singh" in text and "Hand this shift over" not in text
    assert "Taken back at" in said(shown=replace(GIVEN, taken_back=make.NOW))
    assert "A. Singh" in " ".join(texts(shift.regions(page(past=(over,)))[2]))


def test_what_is_not_known_is_not_nothing():
    assert "was not kept" in said(picture=None)
    assert "Not known for that minute." in said(picture=picture(accounts=None))
    assert "Not stored with this hand-over." in said(picture=picture(gaps=None, more_gaps=0))
    assert "None of a minute or longer." in said(picture=picture(gaps=(), more_gaps=0))
    assert "nothing by anybody" in said(picture=picture(held=(), major="", deeds=()))
    assert "conversation 7" in said(contacts={})
