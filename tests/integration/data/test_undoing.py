"""Undo: one's own last move, for a while, as an event of its own, and back to exactly how it was."""

from dataclasses import replace

import pytest

from data.desk import claim
from models.conversation import Conversation
from models.permissions import Permission
from models.problems import NotFound, NotPermitted, TooLate
from tests.arrivals import answers, asks, found, picture
from tests.desk import at, desk_of
from tests.rows import open_database


@pytest.fixture
def desk(database_url):
    opened = open_database(database_url)
    yield desk_of(opened)
    opened.close()


MOVES = {
    "close": lambda desk: desk.close("spam", 2),
    "snooze": lambda desk: desk.snooze(60, 2),
    "partner": lambda desk: desk.set_aside("Highways", 2),
    "assess": lambda desk: desk.assess("standard", 2),
    "topic": lambda desk: desk.topic("Noise", 2),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("answered", [False, True], ids=["waiting for us", "answered"])
def test_everything_is_as_it_was(desk, move, answered):
    desk.hears(asks("a", 0), *([answers("r", 1, "a")] if answered else ()))
    before, state = picture(desk.town), desk.row()
    event = MOVES[move](desk)
    assert picture(desk.town) != before or move == "assess"
    assert desk.undo(event, 3) == move
    assert picture(desk.town) == before
    after = desk.row()
    for name in ("state", "rank", "since", "due", "unassessed", "assessed", "reassess", "topic_id", "topic_set"):
        assert getattr(after, name) == getattr(state, name), name
    assert desk.events("undo")[0].after["undone"] == move


def test_undoing_a_closing_gives_the_claim_back(desk):
    desk.hears(asks("a", 0))
    claim(desk.database, desk.who, desk.row().id, at(1))
    event = desk.close("spam", 2)
    desk.undo(event, 3)
    assert (desk.row().holder_id, desk.row().state, desk.row().since) == (desk.who.user_id, "open", at(0))
    assert desk.intervals("claim") == [("", at(1), at(2)), ("", at(3), None)]
    assert [turn.ended for turn in desk.turns()] == [None]


@pytest.mark.parametrize("move", MOVES)
def test_after_five_minutes_it_is_too_late(desk, move):
    event = MOVES[move](desk.hears(asks("a", 0)))
    with pytest.raises(TooLate):
        desk.undo(event, 8)


@pytest.mark.parametrize("move", MOVES)
def test_once_something_else_happened_it_is_too_late(desk, move):
    event = MOVES[move](desk.hears(asks("a", 0)))
    desk.hears(asks("b", 3), minute=3)
    with pytest.raises(TooLate):
        desk.undo(event, 4)


def test_nothing_is_undone_twice(desk):
    event = desk.hears(asks("a", 0)).close("spam", 2)
    desk.undo(event, 3)
    with pytest.raises(TooLate):
        desk.undo(event, 4)


def test_nobody_undoes_what_somebody_else_did(desk):
    event = desk.hears(asks("a", 0)).close("spam", 2)
    with pytest.raises(NotFound):
        desk.hire("bob", "Supervisor").undo(event, 3)


def test_only_moves_of_a_conversation_are_undone_and_only_of_this_workspace(desk):
    desk.hears(asks("a", 0))
    claim(desk.database, desk.who, desk.row().id, at(1))
    south = found(desk.database, "south")
    for event in (desk.events("claim")[0].id, 1, 999):
        with pytest.raises(NotFound):
            desk.undo(event, 2)
    assert south.rows(Conversation) == []


def test_who_lost_the_right_to_do_it_cannot_undo_it(desk):
    event = desk.hears(asks("a", 0)).close("spam", 2)
    desk.who = replace(desk.who, permissions=frozenset({Permission.READ}))
    with pytest.raises(NotPermitted):
        desk.undo(event, 3)


def test_undoing_a_snooze_of_what_a_partner_had_gives_it_back_to_the_partner(desk):
    desk.hears(asks("a", 0)).set_aside("Highways", 1)
    desk.undo(desk.snooze(60, 2), 3)
    assert (desk.row().state, desk.row().partner) == ("with a partner", "Highways")


def test_undoing_a_closing_of_what_was_snoozed_leaves_it_open(desk):
    desk.hears(asks("a", 0)).snooze(60, 1)
    desk.undo(desk.close("spam", 2), 3)
    assert (desk.row().state, desk.row().snoozed_until) == ("open", None)


def test_a_closing_where_only_we_wrote_is_undone_too(desk):
    desk.hears(answers("r", 0))
    desk.undo(desk.close("answered", 1), 2)
    assert desk.row().state == "waiting for the contact"
