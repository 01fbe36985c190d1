"""States as people and messages change them: what opens a conversation again, what keeps it away, and since when."""

from dataclasses import replace

import pytest

from data.desk import claim
from data.waking import _wake_one, chores, wake_all
from models.audit import AuditEvent
from models.problems import (
    AlreadyClosed,
    BadValue,
    NotFound,
    NotPermitted,
    NotSetAside,
    ReasonNeeded,
    TooUrgent,
    Unassessed,
)
from tests.arrivals import answers, asks, edit, found
from tests.desk import at, desk_of
from tests.rows import open_database


@pytest.fixture
def desk(database_url):
    opened = open_database(database_url)
    yield desk_of(opened)
    opened.close()


def test_closing_ends_turn_and_episode_and_the_claim(desk):
    desk.hears(asks("a", 0))
    claim(desk.database, desk.who, desk.row().id, at(1))
    desk.close("no reply needed", 2)
    row, [turn], [episode] = desk.row(), desk.turns(), desk.episodes()
    assert (row.state, row.since, row.holder_id, row.state_since) == ("closed", None, None, at(2))
    assert turn.ended == episode.closed == episode.settled == at(2)
    assert desk.intervals("claim") == [("", at(1), at(2))]
    [event] = desk.events("close")
    assert (event.before["state"], event.before["holder"], event.after["state"]) == ("open", desk.who.user_id, "closed")
    assert event.after["outcome"] == "no reply needed"


def test_who_closed_it_is_named_to_the_one_who_came_late(desk):
    desk.hears(asks("a", 0)).close("spam", 1)
    for late in (desk.close, lambda *_: desk.snooze(5, 2), lambda *_: desk.set_aside("Highways", 2), desk.assess):
        with pytest.raises(AlreadyClosed) as refused:
            late("spam" if late == desk.close else "standard", 2)
        assert refused.value.name == "Somebody"


def test_closing_the_two_most_urgent_grades_needs_a_reason_which_the_record_keeps(desk):
    desk.hears(asks("a", 0, "a fire")).assess("emergency", 1)
    with pytest.raises(ReasonNeeded):
        desk.close("passed to incident", 2)
    desk.close("passed to incident", 2, " Incident 77 ")
    assert desk.events("close")[0].reason == "Incident 77"


@pytest.mark.parametrize("reason", ["x" * 301])
def test_a_reason_is_a_line(desk, reason):
    desk.hears(asks("a", 0))
    with pytest.raises(BadValue):
        desk.close("spam", 1, reason)


def test_a_conversation_in_which_only_we_wrote_can_be_closed_and_stays_so(desk):
    desk.hears(answers("r", 0))
    desk.close("answered", 1)
    assert desk.row().state == "closed"


@pytest.mark.parametrize("put_away", ["close", "snooze", "set_aside"])
def test_nothing_of_the_top_grade_is_put_away_unassessed_and_a_new_message_counts_again(desk, put_away):
    away = {
        "close": lambda minute: desk.close("answered", minute, "why"),
        "snooze": lambda minute: desk.snooze(5, minute),
        "set_aside": lambda minute: desk.set_aside("Ambulance", minute),
    }[put_away]
    desk.hears(asks("a", 0, "a fire"))
    with pytest.raises(Unassessed):
        away(1)
    desk.assess("emergency", 2)
    desk.hears(asks("b", 3, "hello"), minute=3)
    with pytest.raises(Unassessed):
        away(4)
    desk.assess("emergency", 5)
    if put_away == "snooze":
        with pytest.raises(TooUrgent):
            away(6)
    else:
        away(6)
    assert [event.action for event in desk.events()][:2] == ["assess", "assess"]


@pytest.mark.parametrize("put_away", ["close", "snooze", "set_aside"])
def test_a_new_message_opens_it_again(desk, put_away):
    desk.hears(asks("a", 0))
    away = {
        "close": lambda: desk.close("spam", 1),
        "snooze": lambda: desk.snooze(60, 1),
        "set_aside": lambda: desk.set_aside("x", 1),
    }
    away[put_away]()
    assert desk.row().state != "open"
    desk.hears(asks("b", 2), minute=3)
    row = desk.row()
    assert (row.state, row.snoozed_until, row.partner, row.state_since) == ("open", None, "", at(3))


def test_a_message_sent_before_a_closing_that_could_not_know_of_it_opens_again(desk):
    desk.hears(asks("a", 0)).close("answered", 10)
    desk.hears(asks("b", 9), minute=12)
    row, [first, second] = desk.row(), desk.turns()
    assert (row.state, row.since) == ("open", at(9))
    assert (first.ended, second.started, second.position) == (at(10), at(9), "first")
    desk.hears(asks("c", 5), minute=13)
    assert [turn.ended for turn in desk.turns()] == [at(10), None]
    assert desk.turns()[1].started == at(5)


def test_our_reply_makes_it_wait_for_the_contact(desk):
    desk.hears(asks("a", 0)).hears(answers("r", 5, "a"), minute=6)
    assert desk.row().state == "waiting for the contact"
    assert desk.intervals("state") == [("open", at(0), at(6)), ("waiting for the contact", at(6), None)]


def test_an_edit_of_ours_leaves_what_people_set(desk):
    desk.hears(asks("a", 0), answers("r", 5, "a"), minute=6).set_aside("Highways", 7)
    desk.hears(edit(answers("r", 5, "a"), 8, "we are on it now"), minute=9)
    assert (desk.row().state, desk.row().partner) == ("with a partner", "Highways")


def test_states_and_grades_are_kept_as_intervals_without_gaps(desk):
    desk.hears(asks("a", 0)).assess("priority", 1)
    desk.set_aside("Highways", 2)
    desk.resume(5)
    desk.snooze(10, 6)
    assert wake_all(desk.database, at(16)) == 1
    desk.close("answered", 17, "told by phone")
    assert desk.intervals("state") == [
        ("open", at(0), at(2)),
        ("with a partner", at(2), at(5)),
        ("open", at(5), at(6)),
        ("snoozed", at(6), at(16)),
        ("open", at(16), at(17)),
        ("closed", at(17), None),
    ]
    assert desk.intervals("grade") == [("standard", at(0), at(1)), ("priority", at(1), None)]


def test_a_snooze_wakes_at_its_time_and_not_before_once_and_by_name(desk):
    desk.hears(asks("a", 0)).snooze(10, 1)
    assert wake_all(desk.database, at(10)) == 0
    assert wake_all(desk.database, at(11)) == 1
    assert wake_all(desk.database, at(12)) == 0
    assert (desk.row().state, desk.row().snoozed_until) == ("open", None)
    assert [event.actor for event in desk.events("wake")] == ["the snooze"]


def test_waking_is_a_chore_of_the_elected_process(desk):
    desk.hears(asks("a", 0)).snooze(10, 1)
    [(name, interval, work)] = chores(desk.database, lambda: at(20))
    assert (name, interval.total_seconds()) == ("waking", 5)
    work()
    assert desk.row().state == "open"


def test_what_was_answered_while_it_slept_waits_for_the_contact(desk):
    desk.hears(asks("a", 0)).snooze(10, 1)
    desk.hears(answers("r", 5, "a"), minute=6)
    assert (desk.row().state, desk.row().snoozed_until) == ("waiting for the contact", None)
    assert wake_all(desk.database, at(30)) == 0


def test_only_what_was_set_aside_resumes(desk):
    desk.hears(asks("a", 0))
    with pytest.raises(NotSetAside):
        desk.resume(1)


def test_the_time_with_a_partner_moves_the_due_time_by_its_staffed_part(desk):
    desk.hears(asks("a", 0))
    before = desk.row().due
    desk.set_aside("Highways", 30)
    desk.resume(150)
    # Monday begins at eight and the desk opens at nine: of the two hours from half past eight, one and a half are staffed.
    assert (desk.row().due - before).total_seconds() == 90 * 60
    assert desk.turns()[0].paused == 90 * 60
    desk.hears(asks("b", 200), minute=200)
    assert (desk.row().due - before).total_seconds() == 90 * 60


def test_a_message_ends_the_pause_too_and_the_top_grades_never_pause(desk):
    desk.hears(asks("a", 0, "a car"))
    before = desk.row().due
    desk.set_aside("Highways", 100)
    desk.hears(asks("b", 130), minute=130)
    assert desk.row().due == before
    assert desk.turns()[0].paused == 0


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_moving_a_conversation_needs_the_right_to(desk, role):
    desk.hears(asks("a", 0))
    eve = desk.hire("eve", role)
    for act in (
        lambda: eve.close("spam", 1),
        lambda: eve.snooze(5, 1),
        lambda: eve.set_aside("x", 1),
        lambda: eve.resume(1),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert desk.events() == []


def test_a_conversation_of_another_workspace_is_not_found(desk):
    desk.hears(asks("a", 0))
    south = found(desk.database, "south")
    stranger = replace(desk, who=replace(desk.who, workspace_id=south.account.workspace_id))
    for act in (
        lambda: stranger.close("spam", 1),
        lambda: stranger.snooze(5, 1),
        lambda: stranger.set_aside("x", 1),
        lambda: stranger.resume(1),
        lambda: stranger.assess("standard", 1),
        lambda: stranger.topic("Noise", 1),
    ):
        with pytest.raises(NotFound):
            act()
    assert desk.row().state == "open"


def test_every_move_is_one_event_and_raises_the_revision_once(desk):
    desk.hears(asks("a", 0))
    before = len(desk.town.rows(AuditEvent))
    desk.assess("standard", 1)
    desk.snooze(5, 2)
    desk.resume(3)
    desk.close("answered", 4)
    assert len(desk.town.rows(AuditEvent)) == before + 4


def test_what_somebody_took_back_meanwhile_is_not_woken(desk):
    desk.hears(asks("a", 0)).snooze(10, 1)
    key = desk.row().id
    desk.resume(5)
    assert not _wake_one(desk.database, desk.who.workspace_id, key, at(20))
    assert [event.action for event in desk.events()] == ["snooze", "resume"]


def test_an_outcome_is_one_of_the_workspace(desk):
    desk.hears(asks("a", 0))
    with pytest.raises(BadValue):
        desk.close("no such outcome", 1)
    assert desk.row().state == "open"
