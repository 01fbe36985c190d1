"""Turns and episodes, to the definitions of METRICS.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.conversation import Position
from models.turns import Said, Unfolding, What

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
GAP = 24 * HOUR
NO_REPLY_NEEDED = 7


def at(hours):
    return MONDAY + hours * HOUR


def asks(hours, rank=3, key=None):
    return Said(at(hours), What.INBOUND, key or f"in {hours}", rank=rank)


def replies(hours, by=None):
    return Said(at(hours), What.REPLY, f"out {hours}", by=by)


def closes(hours, outcome=NO_REPLY_NEEDED):
    return Said(at(hours), What.CLOSING, f"closed {hours}", outcome=outcome)


def assesses(hours, rank):
    return Said(at(hours), What.ASSESSMENT, f"assessed {hours}", rank=rank)


def regrades(hours, key, rank):
    return Said(at(hours), What.REGRADE, key, rank=rank)


def unfold(*said):
    return Unfolding(GAP).feed(said)


def turns(*said):
    return unfold(*said).turns


def test_a_turn_starts_at_its_oldest_unanswered_message():
    [turn] = turns(asks(0), asks(1), asks(5), replies(6))
    assert (turn.started, turn.replied, turn.keys) == (at(0), at(6), ["in 0", "in 1", "in 5"])


def test_a_reply_ends_the_turn_and_the_next_message_starts_another():
    first, second = turns(asks(0), replies(1, by=4), asks(2))
    assert (first.replied, first.replied_by, first.reply_key) == (at(1), 4, "out 1")
    assert (second.started, second.open) == (at(2), True)


def test_a_second_reply_answers_nothing():
    [turn] = turns(asks(0), replies(1, by=4), replies(2, by=5))
    assert (turn.replied, turn.replied_by) == (at(1), 4)


def test_waiting_never_ends_a_turn_or_an_episode():
    [turn] = turns(asks(0), asks(24 * 30))
    assert turn.open
    assert turn.position is Position.FIRST
    assert turn.episode.closed is None


def test_the_first_turn_of_an_episode_is_the_first_response_and_later_ones_the_next():
    assert [turn.position for turn in turns(asks(0), replies(1), asks(2), replies(3), asks(4))] == [
        Position.FIRST, Position.NEXT, Position.NEXT,
    ]  # fmt: skip


@pytest.mark.parametrize(("silence", "position"), [(24, Position.NEXT), (24.001, Position.FIRST)])
def test_an_episode_ends_more_than_24_hours_after_our_last_reply(silence, position):
    first, second = turns(asks(0), replies(1), asks(1 + silence))
    assert second.position is position
    assert (second.episode is first.episode) == (position is Position.NEXT)


def test_the_gap_counts_from_our_last_reply_and_not_from_the_first():
    _, second = turns(asks(0), replies(1), replies(20), asks(40))
    assert second.position is Position.NEXT


def test_a_reply_to_nobody_counts_as_our_last_word():
    [turn] = turns(replies(0), asks(1))
    assert (turn.position, turn.episode.opened) == (Position.FIRST, at(1))


def test_closing_ends_the_turn_without_a_reply():
    [turn] = turns(asks(0), closes(2))
    assert (turn.ended, turn.outcome, turn.replied, turn.open) == (at(2), NO_REPLY_NEEDED, None, False)
    assert (turn.episode.closed, turn.episode.outcome) == (at(2), NO_REPLY_NEEDED)


def test_after_a_closing_the_next_message_opens_a_new_episode_at_once():
    first, second = turns(asks(0), replies(1), closes(2), asks(2.1))
    assert (first.ended, first.episode.closed) == (None, at(2))
    assert (second.position, second.episode.opened) == (Position.FIRST, at(2.1))


def test_closing_what_is_closed_changes_nothing():
    unfolding = unfold(asks(0), closes(1, outcome=1), closes(2, outcome=2))
    assert (unfolding.episode.closed, unfolding.episode.outcome) == (at(1), 1)


def test_closing_where_nobody_ever_wrote_changes_nothing():
    unfolding = unfold(replies(0), closes(1))
    assert (unfolding.episodes, unfolding.closed) == ([], False)


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        ((asks(0), closes(1)), True),
        ((asks(0), closes(1), replies(1.5)), False),
        ((asks(0), replies(0.5), closes(1)), True),
        ((asks(0), replies(1), closes(1)), True),
        ((asks(0), closes(1), asks(2)), False),
        ((asks(0),), False),
        ((), False),
    ],
)
def test_a_conversation_is_closed_until_something_is_said(said, closed):
    assert unfold(*said).closed is closed


def test_a_turn_counts_under_the_most_urgent_grade_it_held_while_open():
    [turn] = turns(asks(0, rank=3), asks(1, rank=1), asks(2, rank=2), replies(3))
    assert turn.rank == 1


def test_an_edit_that_makes_a_waiting_message_more_urgent_raises_its_turn():
    assert turns(asks(0), regrades(1, "in 0", 1))[0].rank == 1


def test_an_edit_that_makes_it_less_urgent_leaves_the_turn_as_it_was():
    assert turns(asks(0, rank=1), regrades(1, "in 0", 3))[0].rank == 1


def test_an_edit_after_the_reply_changes_no_turn():
    first, second = turns(asks(0), replies(1), regrades(2, "in 0", 1), asks(3), regrades(4, "in 0", 1))
    assert (first.rank, second.rank) == (3, 3)


def test_at_one_instant_the_message_comes_before_its_reply_and_the_closing_last():
    [turn] = turns(closes(0), replies(0), asks(0))
    assert (turn.replied, turn.ended, turn.episode.closed) == (at(0), None, at(0))


def test_a_late_message_makes_the_turn_start_earlier():
    assert turns(asks(2), replies(3), asks(1))[0].started == at(1)


def test_a_late_reply_splits_a_turn():
    first, second = turns(asks(0), asks(2), replies(3), replies(1))
    assert [(one.started, one.replied) for one in (first, second)] == [(at(0), at(1)), (at(2), at(3))]


@st.composite
def histories(draw):
    """What may be said in a conversation, in any order; things often happen at once."""
    said = []
    for number in range(draw(st.integers(0, 12))):
        moment = draw(st.sampled_from((0, 1, 2, 3, 5, 8, 27, 28, 30, 60)))
        what = draw(st.sampled_from(What))
        made = Said(
            at(moment),
            what,
            f"k{draw(st.integers(0, 5)) if what is What.REGRADE else number}",
            rank=draw(st.integers(1, 3)) if what in (What.INBOUND, What.REGRADE, What.ASSESSMENT) else 0,
            by=draw(st.sampled_from((None, 1, 2))) if what is What.REPLY else None,
            outcome=draw(st.integers(1, 3)) if what is What.CLOSING else None,
        )
        said.append(made)
    return draw(st.permutations(said))


def facts(all_turns):
    """Turns as plain values; their episodes by when they opened."""
    return [
        (
            turn.started, turn.rank, turn.position, turn.replied, turn.reply_key, turn.replied_by, turn.ended,
            turn.outcome, tuple(turn.keys), turn.assessed, turn.episode.opened, turn.episode.closed, turn.episode.outcome,
        )
        for turn in all_turns
    ]  # fmt: skip


def place(said):
    return (said.at, said.what, said.key, said.rank)


def slow_answer(all_said):
    """The same by the words of METRICS.md: each turn is looked for in the whole history, again and again."""
    ordered = sorted(all_said, key=place)
    enders = [number for number, said in enumerate(ordered) if said.what in (What.REPLY, What.CLOSING)]
    groups = {}
    for number, said in enumerate(ordered):
        if said.what is What.INBOUND:
            groups.setdefault(sum(ender < number for ender in enders), []).append(number)
    answer, episodes = [], []
    for passed, numbers in sorted(groups.items()):
        end = enders[passed] if passed < len(enders) else len(ordered)
        if not answer or is_over(ordered, answer[-1]["numbers"][0], numbers[0]):
            episodes.append(numbers[0])
        answer.append({"numbers": numbers, "end": end, "opened": episodes[-1]})
    until = dict(pairwise([*episodes, len(ordered)]))
    return [told(ordered, one, until[one["opened"]]) for one in answer]


def is_over(ordered, previous, number):
    """Whether the episode of the turn that began at ``previous`` is over when the turn at ``number`` begins."""
    ours = [said.at for said in ordered[:number] if said.what is What.REPLY]
    closed = any(said.what is What.CLOSING for said in ordered[previous:number])
    return closed or (bool(ours) and ordered[number].at - max(ours) > GAP)


def told(ordered, turn, until):
    numbers, end = turn["numbers"], turn["end"]
    ender = ordered[end] if end < len(ordered) else None
    replied = ender if ender and ender.what is What.REPLY else None
    ended = ender if ender and ender.what is What.CLOSING else None
    born = {ordered[number].key: number for number in numbers}
    ranks = [ordered[number].rank for number in numbers] + [
        said.rank
        for number, said in enumerate(ordered[:end])
        if said.what is What.REGRADE and number > born.get(said.key, len(ordered))
    ]
    judged = [said for said in ordered[numbers[0] : end] if said.what is What.ASSESSMENT]
    before = [said for said in ordered[turn["opened"] : numbers[0]] if said.what is What.ASSESSMENT]
    ranks += [said.rank for said in [*before[-1:], *judged]]
    assessed = judged[0].at if judged else replied.at if replied and replied.by else None
    closing = next((said for said in ordered[turn["opened"] : until] if said.what is What.CLOSING), None)
    return (
        ordered[numbers[0]].at, min(ranks), Position.FIRST if numbers[0] == turn["opened"] else Position.NEXT,
        replied and replied.at, replied and replied.key, replied and replied.by, ended and ended.at,
        ended and ended.outcome, tuple(ordered[number].key for number in numbers), assessed, ordered[turn["opened"]].at,
        closing and closing.at, closing and closing.outcome,
    )  # fmt: skip


@given(histories())
def test_turns_are_those_of_a_slow_search(said):
    assert facts(turns(*said)) == slow_answer(said)


@given(histories(), st.data())
def test_parts_that_follow_one_another_end_as_the_whole(said, data):
    ordered = sorted(said, key=place)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(ordered)))))
    under_way, met = Unfolding(GAP), {}
    for begin, end in pairwise([0, *cuts, len(ordered)]):
        under_way = Unfolding(
            GAP,
            open_turn=under_way.open_turn,
            episode=under_way.episode,
            last_reply=under_way.last_reply,
            rank=under_way.rank,
            assessed_rank=under_way.assessed_rank,
        )
        under_way.feed(ordered[begin:end])
        met |= {id(turn): turn for turn in under_way.turns}
    whole = unfold(*said)
    assert facts(met.values()) == facts(whole.turns)
    ends = [(one.last_reply, one.closed, one.rank, one.assessed_rank) for one in (under_way, whole)]
    assert ends[0] == ends[1]


@given(histories())
def test_the_order_of_arrival_changes_nothing(said):
    assert facts(turns(*said)) == facts(turns(*sorted(said, key=place)))


def test_a_person_grades_down_and_the_turn_still_counts_under_the_highest_grade():
    found = unfold(asks(0, rank=1), assesses(1, rank=3))
    assert (found.rank, found.turns[0].rank, found.turns[0].assessed) == (3, 1, at(1))


def test_a_person_grades_up():
    found = unfold(asks(0), assesses(1, rank=2))
    assert (found.rank, found.turns[0].rank) == (2, 2)


def test_a_more_urgent_message_raises_what_a_person_graded_and_a_lesser_one_leaves_it():
    said = [asks(0), assesses(1, rank=2)]
    assert unfold(*said, asks(2, rank=3)).rank == 2
    assert unfold(*said, asks(2, rank=1)).rank == 1


def test_the_next_turn_of_an_episode_begins_with_the_grade_a_person_set_and_a_new_episode_does_not():
    said = [asks(0), assesses(1, rank=2), replies(2)]
    assert [turn.rank for turn in turns(*said, asks(3))] == [2, 2]
    assert [turn.rank for turn in turns(*said, asks(30))] == [2, 3]


def test_a_reply_of_a_named_person_is_an_assessment_and_one_from_elsewhere_is_none():
    assert turns(asks(0), replies(1, by=7))[0].assessed == at(1)
    assert turns(asks(0), replies(1))[0].assessed is None


def test_an_assessment_counts_from_the_first():
    assert turns(asks(0), assesses(1, rank=2), assesses(2, rank=2), replies(3, by=7))[0].assessed == at(1)


def test_a_message_that_a_closing_did_not_know_of_opens_again():
    late = replace(asks(1), unheard=at(2))
    found = unfold(asks(0), closes(2), late)
    first, second = found.turns
    assert (first.ended, second.started, second.open, second.position) == (at(2), at(1), True, Position.FIRST)
    assert not found.closed


def test_a_message_that_no_closing_passed_over_comes_when_it_was_sent():
    assert replace(asks(3), unheard=at(2)).moves == at(3)
