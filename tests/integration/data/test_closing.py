"""Closing conversations: one event for all, and no second closing of what is closed."""

import pytest

from data.closing import Closing, close_all
from models.audit import COMMAND, AuditEvent
from models.conversation import Conversation, Episode, Message, Turn
from tests.arrivals import BEN, MINUTE, MONDAY, NOW, add_colleague, answers, asks, found, picture
from tests.rows import open_database


@pytest.fixture
def town(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield found(opened)
    opened.close()


def at(minute):
    return MONDAY + minute * MINUTE


def close(town, *closings):
    made = [Closing(contact, at(minute), outcome) for contact, minute, outcome in closings]
    return close_all(town.database, town.account, made, COMMAND, NOW)


def only(rows):
    [row] = rows
    return row


def test_closing_without_a_reply_ends_the_turn_with_its_outcome(town):
    town.take(asks("a", 0))
    assert close(town, ("ann", 10, "no reply needed")) == 1
    turn, episode, row = only(town.rows(Turn)), only(town.rows(Episode)), only(town.rows(Conversation))
    assert (turn.ended, turn.replied, turn.outcome_id) == (at(10), None, episode.outcome_id)
    assert (row.state, row.since, row.due) == ("closed", None, None)
    assert episode.closed == row.last_at == at(10)


def test_after_an_answer_only_the_episode_is_closed(town):
    town.take(asks("a", 0), answers("r", 5, "a"))
    close(town, ("ann", 10, "answered"))
    turn = only(town.rows(Turn))
    assert (turn.ended, turn.outcome_id, turn.replied) == (None, None, at(5))
    assert only(town.rows(Episode)).closed == at(10)


def test_who_writes_again_opens_a_new_episode(town):
    town.take(asks("a", 0))
    close(town, ("ann", 10, "answered"))
    town.take(asks("b", 20))
    assert sorted(turn.position for turn in town.rows(Turn)) == ["first", "first"]
    assert only(town.rows(Conversation)).state == "open"


def test_one_event_closes_many(town):
    town.take(asks("a", 0), asks("b", 1, contact=BEN))
    before = len(town.rows(AuditEvent))
    assert close(town, ("ann", 10, "answered"), ("ben", 11, "spam")) == 2
    event = max(town.rows(AuditEvent), key=lambda event: event.id)
    assert len(town.rows(AuditEvent)) == before + 1
    assert sorted(when for _, when in event.after["conversations"]) == [at(10).isoformat(), at(11).isoformat()]


def test_one_conversation_may_be_closed_twice_with_a_question_between(town):
    town.take(asks("a", 0), asks("b", 20))
    assert close(town, ("ann", 10, "spam"), ("ann", 30, "answered")) == 2
    assert sorted(episode.closed for episode in town.rows(Episode)) == [at(10), at(30)]


def test_a_closing_in_the_past_belongs_where_it_was(town):
    town.take(asks("a", 0), asks("b", 20))
    close(town, ("ann", 10, "answered"))
    first, second = sorted(town.rows(Turn), key=lambda turn: turn.started)
    assert (first.ended, second.started, second.ended) == (at(10), at(20), None)
    assert len({message.turn_id for message in town.rows(Message)}) == 2


@pytest.mark.parametrize(
    "closing",
    [("nobody", 10, "answered"), ("ann", 10, "no such outcome"), ("ann", 10, "answered")],
    ids=["an unknown contact", "an unknown outcome", "closed already"],
)
def test_what_has_no_effect_leaves_no_trace(town, closing):
    town.take(asks("a", 0))
    close(town, ("ann", 5, "answered"))
    before, events = picture(town), len(town.rows(AuditEvent))
    assert close(town, closing) == 0
    assert picture(town) == before
    assert len(town.rows(AuditEvent)) == events


def test_a_conversation_in_which_only_we_wrote_has_nothing_to_close(town):
    town.take(answers("r", 1))
    assert close(town, ("ann", 5, "answered")) == 0


def test_other_accounts_conversations_stay_open(town):
    other = found(town.database, "south")
    for one in (town, other):
        one.take(asks("a", 0))
    close(town, ("ann", 5, "answered"))
    assert only(other.rows(Conversation)).state == "open"
