"""Conversations as messages move them: whose they are, how they stand, and what the queue shows of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data.audit import change
from models.audit import COMMAND
from models.conversation import Contact, Conversation, Episode, Message, Turn
from models.posts import Kind
from models.workspace import Rule, Team, Workspace
from tests.arrivals import (
    ANN,
    BEN,
    MINUTE,
    MONDAY,
    Town,
    add_account,
    add_colleague,
    answers,
    asks,
    edit,
    found,
    person,
)  # fmt: skip
from tests.rows import open_database

DAY = 24 * 60


@pytest.fixture
def town(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield found(opened)
    opened.close()


def only(rows):
    [row] = rows
    return row


def conversation(town):
    return only(town.rows(Conversation))


def turns(town):
    return sorted(town.rows(Turn), key=lambda turn: turn.started)


def at(minute):
    return MONDAY + minute * MINUTE


def test_public_and_private_messages_of_one_contact_are_one_conversation(town):
    town.take(asks("a", 1), replace(asks("b", 2), kind=Kind.PRIVATE))
    assert conversation(town).kind == "private"


def test_a_third_person_in_a_public_thread_has_a_conversation_of_their_own(town):
    town.take(asks("a", 1), asks("b", 2, contact=BEN, parent_id="a"))
    assert len(town.rows(Conversation)) == 2
    assert {message.parent_id for message in town.rows(Message)} == {None, "a"}


def test_a_contact_has_one_conversation_with_each_account(town):
    other = Town(town.database, add_account(town.database, town.account.workspace_id, "@south"))
    town.take(asks("a", 1))
    other.take(asks("b", 2))
    assert len(town.rows(Contact)) == 1
    assert {(row.account_id, row.contact_id) for row in town.rows(Conversation)} == {
        (one.account.id, only(town.rows(Contact)).id) for one in (town, other)
    }


def test_broadcasts_belong_to_no_conversation(town):
    town.take(answers("r", 1, None, None))
    assert (town.rows(Conversation), only(town.rows(Message)).conversation_id) == ([], None)


def test_listening_belongs_to_no_conversation(town):
    town.take(replace(asks("a", 1), kind=Kind.LISTENING))
    assert (town.rows(Conversation), town.rows(Turn)) == ([], [])
    assert only(town.rows(Message)).contact_id == only(town.rows(Contact)).id


def test_a_message_by_nobody_known_belongs_to_no_conversation(town):
    town.take(asks("a", 1, contact=None))
    assert (town.rows(Conversation), town.rows(Contact)) == ([], [])


def test_what_waits_for_an_answer_has_a_grade_and_a_due_time(town):
    town.take(asks("a", 1), asks("b", 3, "car"))
    found_row, turn = conversation(town), only(turns(town))
    assert (found_row.state, found_row.rank, found_row.since) == ("open", 2, at(1))
    assert (turn.target_seconds, turn.clock, turn.due) == (1800, "public", at(31))
    assert found_row.due == turn.due


def test_a_reply_leaves_nothing_waiting_and_the_last_grade(town):
    town.take(asks("a", 1, "car"), answers("r", 5, "a"))
    row, turn = conversation(town), only(turns(town))
    assert (row.state, row.rank, row.since, row.due) == ("waiting for the contact", 2, None, None)
    assert row.last_reply == turn.replied == at(5)


def test_the_staffed_wait_is_kept_with_the_reply(town):
    """Office hours begin at 09:00: an hour of the two hours was staffed."""
    town.take(asks("a", 0), answers("r", 120, "a"))
    assert only(turns(town)).staffed == 3600 * 1_000_000


def test_automatic_replies_never_answer(town):
    town.take(asks("a", 1), answers("r", 2, "a", automatic=True))
    assert only(turns(town)).replied is None
    assert conversation(town).since == at(1)
    assert len({message.conversation_id for message in town.rows(Message)}) == 1


def test_spam_makes_no_turn(town):
    town.take(asks("a", 1, "cheap"))
    assert (turns(town), conversation(town).since) == ([], None)
    assert only(town.rows(Message)).spam


def test_spam_after_a_question_hides_nothing_of_it(town):
    town.take(asks("a", 1, "fire"))
    before = conversation(town)
    town.take(asks("b", 2, "cheap"))
    after = conversation(town)
    for name in ("first_line", "topic_id", "flags", "rank", "since", "state"):
        assert getattr(after, name) == getattr(before, name)
    assert after.last_at == at(2)


def test_a_question_after_spam_shows_the_question(town):
    town.take(asks("a", 1, "cheap"))
    town.take(asks("b", 2, "noise"))
    row = conversation(town)
    assert (row.first_line, row.topic_id, row.state) == ("noise", None, "open")


def test_the_queue_sees_the_newest_message(town):
    town.take(asks("a", 1, "hello", language="en"))
    town.take(asks("b", 2, "x" * 400, language="cy"))
    row = conversation(town)
    assert (row.first_line, row.language) == ("x" * 280, "cy")


def test_flags_are_those_of_the_newest_turn(town):
    town.take(asks("a", 1, "lost"))
    assert conversation(town).flags == ["lost", "car", "newcomer"]
    town.take(asks("b", 2, "fire"))
    assert conversation(town).flags == ["lost", "car", "newcomer", "fire"]
    town.take(answers("r", 3, "b"))
    town.take(asks("c", 4, "car"))
    assert conversation(town).flags == ["car"]


def test_rules_give_topic_team_and_colleague(town):
    town.take(asks("a", 1, "car lost"))
    row = conversation(town)
    assert row.team_id == only(town.rows(Team)).id
    assert row.assigned_id is not None
    assert row.topic_id is not None


def test_what_a_person_chose_stands_when_the_conversation_unfolds_again(town):
    town.take(asks("a", 10, "car"))
    with change(town.database, town.account.workspace_id, COMMAND, MONDAY) as c:
        row = c.db.get_one(Conversation, conversation(town).id)
        row.topic_id, row.team_id = None, None
        c.state("sort", "conversation", row.id)
    town.take(asks("b", 5, "hello"))
    assert (conversation(town).topic_id, conversation(town).team_id) == (None, None)


def test_what_rules_gave_goes_when_the_text_that_gave_it_goes(town):
    first = asks("a", 10, "car")
    town.take(first)
    town.take(edit(first, 11, "hello"))
    assert (conversation(town).topic_id, conversation(town).flags) == (None, ["newcomer"])


def test_the_first_turn_of_an_episode_and_the_next(town):
    town.take(asks("a", 0), answers("r", 10, "a"), asks("b", 20))
    assert [turn.position for turn in turns(town)] == ["first", "next"]
    assert only(town.rows(Episode)).opened == at(0)


@pytest.mark.parametrize(("silence", "episodes"), [(DAY, 1), (DAY + 1, 2)])
def test_an_episode_ends_more_than_24_hours_after_our_last_reply(town, silence, episodes):
    town.take(asks("a", 0), answers("r", 10, "a"))
    town.take(asks("b", 10 + silence))
    assert len(town.rows(Episode)) == episodes


def test_the_gap_is_the_workspaces_own(town):
    with change(town.database, town.account.workspace_id, COMMAND, MONDAY) as c:
        home = c.db.get_one(Workspace, town.account.workspace_id)
        home.gap_seconds = 60
        c.state("set", "workspace", home.id)
    town.take(asks("a", 0), answers("r", 10, "a"), asks("b", 12))
    assert len(town.rows(Episode)) == 2


def test_a_late_reply_splits_a_turn_and_keeps_what_happened_to_it(town):
    town.take(asks("a", 0), asks("b", 20))
    with change(town.database, town.account.workspace_id, COMMAND, MONDAY) as c:
        turn = c.db.get_one(Turn, only(turns(town)).id)
        turn.claimed = at(5)
        c.state("claim", "turn", turn.id)
    town.take(answers("r", 10, "a"))
    first, second = turns(town)
    assert (first.claimed, first.replied, second.claimed, second.replied) == (at(5), at(10), None, None)


def test_turns_that_a_late_message_joins_leave_nothing_behind(town):
    first = asks("a", 0, "car")
    town.take(first, answers("r", 10, "a"), asks("b", 20))
    town.take(edit(first, 30, "cheap"))
    assert [turn.started for turn in turns(town)] == [at(20)]
    assert {message.turn_id for message in town.rows(Message)} == {None, only(turns(town)).id}


def test_a_changed_rule_holds_for_the_next_page(town):
    town.take(asks("a", 1, "noise"))
    with change(town.database, town.account.workspace_id, COMMAND, MONDAY) as c:
        home = {"workspace_id": town.account.workspace_id, "audit_id": c.audit_id}
        conditions = {"words": {"any": ["noise"]}}
        c.db.add(Rule(name="loud", position=99, conditions=conditions, actions={"grade": "Emergency"}, **home))
        c.state("add", "rule")
    town.take(asks("b", 2, "noise"))
    assert conversation(town).rank == 1


def test_a_known_contact_is_met_again_under_the_name_of_now(town):
    town.take(asks("a", 1, contact=person("p", "@old")))
    town.take(asks("b", 2, contact=replace(person("p", "@new"), followers=7)))
    met = only(town.rows(Contact))
    assert (met.handle, met.followers, met.first_seen, met.named_at) == ("@new", 7, at(1), at(2))


def test_the_last_instant_counts_every_message(town):
    town.take(asks("a", 1, contact=ANN), asks("b", 9, "cheap"), answers("r", 30, "a", automatic=True))
    assert conversation(town).last_at == at(30)
    assert timedelta(minutes=29) == conversation(town).last_at - conversation(town).since
