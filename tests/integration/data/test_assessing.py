"""Assessments: versioned, with everything heard; what they change, what asks for the next one, and how they are undone."""

from datetime import timedelta

import pytest

from models.assessing import THRIVE, Assessment
from models.problems import BadValue, NotPermitted, SpokeAgain
from tests.arrivals import answers, asks, edit
from tests.desk import at, desk_of
from tests.rows import open_database


@pytest.fixture
def desk(database_url):
    opened = open_database(database_url)
    yield desk_of(opened)
    opened.close()


def test_an_assessment_sets_the_grade_and_keeps_the_six_answers(desk):
    desk.hears(asks("a", 0)).assess("priority", 1, threat="A man with a bat", vulnerability=" Lives alone ")
    row, [turn], [made] = desk.row(), desk.turns(), desk.town.rows(Assessment)
    assert (row.rank, row.assessed_rank, row.unassessed, row.assessed) == (2, 2, False, at(1))
    assert (turn.assessed, turn.due, row.due) == (at(1), at(30), at(30))
    told = {name: getattr(made, name) for name in THRIVE if getattr(made, name)}
    assert told == {"threat": "A man with a bat", "vulnerability": "Lives alone"}
    assert (made.user_id, made.at, made.message_id) == (desk.who.user_id, at(1), desk.newest())


def test_the_record_holds_the_grade_and_never_the_answers(desk):
    desk.hears(asks("a", 0)).assess("priority", 1, threat="A man with a bat")
    [event] = desk.events("assess")
    assert (event.before["grade"], event.after["grade"]) == ("Standard", "Priority")
    assert "bat" not in f"{event.before} {event.after} {event.reason}"
    assert len(event.after["answers"]) > 20


def test_graded_down_the_turn_still_counts_under_the_highest_grade_it_held(desk):
    desk.hears(asks("a", 0, "a fire")).assess("standard", 1)
    row, [turn] = desk.row(), desk.turns()
    assert row.rank == 3
    assert (desk.key_of_grade(turn.grade_id), turn.due, row.due) == ("emergency", at(5), at(5))


def test_a_later_assessment_stands_in_the_place_of_the_one_before_which_stays_as_it_is(desk):
    desk.hears(asks("a", 0)).assess("priority", 1, risk="first")
    desk.assess("standard", 2, risk="second")
    first, second = sorted(desk.town.rows(Assessment), key=lambda one: one.id)
    assert (first.risk, second.risk, first.withdrawn) == ("first", "second", None)
    assert desk.row().rank == 3


def test_a_message_that_was_not_on_the_screen_must_be_read_first(desk):
    desk.hears(asks("a", 0))
    shown = desk.newest()
    desk.hears(asks("b", 1, "a fire"), minute=1)
    with pytest.raises(SpokeAgain):
        desk.assess("standard", 2, shown=shown)
    assert (desk.row().rank, desk.town.rows(Assessment)) == (1, [])
    desk.assess("standard", 3)
    assert desk.row().rank == 3


@pytest.mark.parametrize("grade", ["", "nonsense", "Emergency"])
def test_a_grade_is_one_of_the_workspace(desk, grade):
    desk.hears(asks("a", 0))
    with pytest.raises(BadValue):
        desk.assess(grade, 1)


def test_an_answer_is_a_line(desk):
    desk.hears(asks("a", 0))
    with pytest.raises(BadValue):
        desk.assess("standard", 1, harm="x" * 301)


def test_a_new_message_asks_to_assess_again_from_when_it_was_sent(desk):
    desk.hears(asks("a", 0)).assess("standard", 1)
    assert desk.row().reassess is None
    desk.hears(asks("b", 2), minute=3)
    assert (desk.row().unassessed, desk.row().reassess) == (True, at(2))
    desk.hears(asks("c", 4), minute=5)
    assert desk.row().reassess == at(2)
    desk.assess("standard", 6)
    assert (desk.row().unassessed, desk.row().reassess) == (False, None)


def test_new_words_of_an_old_message_ask_too(desk):
    desk.hears(asks("a", 0)).assess("standard", 1)
    desk.hears(edit(asks("a", 0), 2, "he has a knife"), minute=3)
    assert desk.row().unassessed


def test_by_its_grade_it_is_to_be_assessed_again_after_a_while(desk):
    desk.hears(asks("a", 0, "a fire")).assess("emergency", 1)
    assert desk.row().reassess == at(16)
    desk.assess("priority", 2)
    assert desk.row().reassess == at(62)
    desk.hears(answers("r", 3, "a"), minute=3)
    assert desk.row().reassess is None


def test_a_reply_by_a_named_person_is_an_assessment_and_one_from_elsewhere_is_none(desk):
    desk.hears(asks("a", 0))
    desk.town.take(answers("r", 1, "a"), at=at(2))
    assert desk.row().unassessed
    desk.hears(asks("b", 3), minute=3)
    desk.town.take(answers("q", 4, "b"), at=at(5), sent_by={"q": desk.who.user_id})
    assert not desk.row().unassessed
    assert [turn.assessed for turn in desk.turns()] == [None, at(4)]


def test_a_network_clock_ahead_of_ours_leaves_the_last_word_to_the_person(desk):
    desk.hears(asks("a", 10, "a fire"), minute=0).assess("standard", 1)
    assert (desk.row().rank, desk.turns()[0].assessed) == (3, at(10))


def test_a_late_message_unfolds_everything_again_and_the_assessment_stands(desk):
    desk.hears(asks("b", 5)).assess("priority", 6)
    desk.hears(asks("a", 1), minute=7)
    row, [turn] = desk.row(), desk.turns()
    assert (row.rank, row.assessed_rank, turn.assessed, turn.started) == (2, 2, at(6), at(1))


def test_undoing_brings_the_grade_before_back_and_the_assessment_stays_in_the_record(desk):
    desk.hears(asks("a", 0)).assess("priority", 1)
    event = desk.assess("emergency", 2)
    assert desk.undo(event, 3) == "assess"
    row, [turn] = desk.row(), desk.turns()
    assert (row.rank, row.assessed, row.reassess, row.unassessed) == (2, at(1), at(61), False)
    assert (desk.key_of_grade(turn.grade_id), turn.due) == ("priority", at(30))
    assert [made.withdrawn for made in sorted(desk.town.rows(Assessment), key=lambda one: one.id)] == [None, at(3)]
    [undone] = desk.events("undo")
    assert (undone.after["undone"], undone.before["grade"], undone.after["grade"]) == (
        "assess",
        "Emergency",
        "Priority",
    )


def test_undoing_the_first_assessment_leaves_it_unassessed(desk):
    event = desk.hears(asks("a", 0)).assess("priority", 1)
    desk.undo(event, 2)
    row = desk.row()
    assert (row.rank, row.assessed_rank, row.assessed, row.unassessed) == (3, None, None, True)
    assert desk.turns()[0].assessed is None


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_assessing_needs_the_right_to(desk, role):
    desk.hears(asks("a", 0))
    with pytest.raises(NotPermitted):
        desk.hire("eve", role).assess("standard", 1)


def test_a_new_episode_knows_nothing_of_the_grade_before(desk):
    desk.hears(asks("a", 0)).assess("priority", 1)
    desk.close("answered", 2, "why")
    desk.hears(asks("b", 3), minute=3)
    assert (desk.row().rank, desk.row().assessed_rank, desk.row().reassess) == (3, None, None)
    assert timedelta(0) < desk.row().due - at(3)
