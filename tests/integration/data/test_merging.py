"""Merges: one person, one thread, no figure moved, and taken back to exactly what was there before."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data.merging import (
    CONTACTS,
    CONVERSATIONS,
    merge_contacts,
    merge_conversations,
    part_contacts,
    part_conversations,
    together,
)
from data.practice import practice
from data.queries.merging import bonds_of, mergeable
from data.queries.repeat import history, times_in_touch
from models.audit import AuditEvent
from models.conversation import Contact, Conversation, Episode, Message, Turn
from models.merging import ContactMerge, ConversationMerge
from models.permissions import BUILT_IN_ROLES, Scope
from models.problems import AlreadyMerged, BadValue, NotFound, NotMerged, NotPermitted
from models.rollups import Hourly, ResponseSketch
from tests.arrivals import ANN, BEN, MONDAY, NOW, Town, add_account, add_colleague, answers, asks, found
from tests.rows import add_member, open_database, scope_of

LATER = NOW + timedelta(hours=1)
FIGURES = (Conversation, Episode, Turn, Message, Contact, Hourly, ResponseSketch)


@pytest.fixture
def town(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield found(opened)
    opened.close()


@pytest.fixture
def second(town):
    """Another account of ours on the same network: the same people may write to it."""
    return Town(town.database, add_account(town.database, town.account.workspace_id, "@northroads"))


@pytest.fixture
def elsewhere(town):
    """An account of ours on another network: nobody there is known."""
    return Town(town.database, add_account(town.database, town.account.workspace_id, "North", channel="mastodon"))


@pytest.fixture
def ben(town):
    home = town.account.workspace_id
    return scope_of(home, add_member(town.database, home, "benny", "Operator"))


def contacts(town):
    return [row.id for row in town.rows(Contact)]


def conversations(town):
    return [row.id for row in sorted(town.rows(Conversation), key=lambda row: row.id)]


def figures(town):
    """Every row that a figure is made of."""
    with town.database.read() as db:
        return {
            entity.__tablename__: [tuple(row) for row in db.execute(select(entity.__table__).order_by(*keys(entity)))]
            for entity in FIGURES
        }


def keys(entity):
    return list(entity.__table__.primary_key.columns)


def bonds(town, conversation):
    with town.database.read() as db:
        row = db.get_one(Conversation, conversation)
        return bonds_of(db, practice(db, row.workspace_id), row.id, row.contact_id)


def touched(town, *keys_):
    with town.database.read() as db:
        return times_in_touch(db, town.account.workspace_id, keys_, MONDAY + timedelta(days=1))


def test_one_person_on_two_networks_is_one_history(town, elsewhere, ben):
    town.take(asks("a", 0), answers("r", 5, "a"))
    elsewhere.take(asks("b", 60))
    lead, part = contacts(town)
    before = figures(town)
    merge_contacts(town.database, ben, lead, part, "the same photo", NOW)
    assert figures(town) == before
    assert touched(town, lead, part) == {lead: 2, part: 2}
    for conversation in conversations(town):
        found_ = bonds(town, conversation)
        assert [(one.id, one.channel, one.lead) for one in found_.identities] == [
            (lead, "x", True),
            (part, "mastodon", False),
        ]
        assert found_.parts == ()
        rows = history(town.database, ben, conversation, NOW).rows
        assert [row.channel for row in rows] == ["mastodon", "x"]


def test_taking_it_back_leaves_what_was_there_whatever_came_meanwhile(town, elsewhere, ben):
    town.take(asks("a", 0))
    elsewhere.take(asks("b", 60))
    lead, part = contacts(town)
    key = merge_contacts(town.database, ben, lead, part, "the same photo", NOW)
    town.take(asks("c", 70, "fire"))
    elsewhere.take(asks("d", 80), answers("r", 90, "d"))
    merged = figures(town)
    assert touched(town, lead, part) == {lead: 2, part: 2}
    part_contacts(town.database, ben, key, LATER)
    assert figures(town) == merged
    assert touched(town, lead, part) == {lead: 1, part: 1}
    assert bonds(town, conversations(town)[0]).identities == ()


def test_both_directions_come_to_the_same(town, elsewhere, ben):
    town.take(asks("a", 0))
    elsewhere.take(asks("b", 60))
    one, two = contacts(town)
    key = merge_contacts(town.database, ben, two, one, "the same photo", NOW)
    assert touched(town, one) == {one: 2}
    elsewhere.take(asks("c", 70))
    part_contacts(town.database, ben, key, LATER)
    assert touched(town, one, two) == {one: 1, two: 1}


def test_one_person_on_two_accounts_is_one_thread(town, second, ben):
    town.take(asks("a", 0))
    second.take(asks("b", 1))
    lead, part = conversations(town)
    before = figures(town)
    key = merge_conversations(town.database, ben, lead, part, "sent to both", NOW)
    town.take(asks("c", 10))
    second.take(asks("d", 11), answers("r", 12, "d"))
    for conversation in (lead, part):
        parts = bonds(town, conversation).parts
        assert [(one.id, one.account, one.lead, one.merge_id) for one in parts] == [
            (lead, "@north", True, None),
            (part, "@northroads", False, key),
        ]
    assert [len(before[name]) for name in ("conversation", "episode", "turn")] == [2, 2, 2]
    turns = town.rows(Turn)
    assert sorted((turn.conversation_id, turn.replied is not None) for turn in turns) == [(lead, False), (part, True)]
    part_conversations(town.database, ben, key, LATER)
    assert bonds(town, lead).parts == bonds(town, part).parts == ()


def test_a_merge_moves_no_turn_and_no_sum(town, second, ben):
    town.take(asks("a", 0), answers("r", 4, "a"))
    second.take(asks("b", 1), answers("s", 9, "b"))
    before = figures(town)
    lead, part = conversations(town)
    key = merge_conversations(town.database, ben, lead, part, "sent to both", NOW)
    assert figures(town) == before
    part_conversations(town.database, ben, key, LATER)
    assert figures(town) == before


def test_random_merges_taken_back_in_any_order_leave_what_was_there(town, ben):
    rng = random.Random(7)
    people = [f"p{number}" for number in range(8)]
    town.take(*(asks(name, number, contact=_someone(name)) for number, name in enumerate(people)))
    keys_ = contacts(town)
    standing = []
    for _ in range(40):
        if standing and rng.random() < 0.5:
            merge, *groups = standing.pop(rng.randrange(len(standing)))
            part_contacts(town.database, ben, merge, LATER)
        else:
            lead, part = rng.sample(keys_, 2)
            try:
                standing.append((merge_contacts(town.database, ben, lead, part, "alike", NOW), lead, part))
            except AlreadyMerged:
                assert part in one_group(town, lead)
    while standing:
        merge, lead, part = standing.pop(rng.randrange(len(standing)))
        assert part in one_group(town, lead)
        part_contacts(town.database, ben, merge, LATER)
    assert [one_group(town, key) for key in keys_] == [(key,) for key in keys_]


def _someone(name):
    return type(ANN)(name, f"@{name}", name.title(), None)


def one_group(town, key, kind=CONTACTS):
    with town.database.read() as db:
        return together(db, kind, town.account.workspace_id, key)


def test_taking_one_back_leaves_the_others(town, ben):
    town.take(*(asks(name, number, contact=_someone(name)) for number, name in enumerate("abcd")))
    a, b, c, d = contacts(town)
    first = merge_contacts(town.database, ben, b, a, "alike", NOW)
    merge_contacts(town.database, ben, c, b, "alike", NOW)
    merge_contacts(town.database, ben, a, d, "alike", NOW)
    assert set(one_group(town, a)) == {a, b, c, d}
    part_contacts(town.database, ben, first, LATER)
    assert one_group(town, a) == (a,)
    assert set(one_group(town, d)) == {b, c, d}


def test_two_peoples_conversations_are_never_one_thread(town, ben):
    town.take(asks("a", 0), asks("b", 1, contact=BEN))
    lead, part = conversations(town)
    with pytest.raises(BadValue, match="two people"):
        merge_conversations(town.database, ben, lead, part, "alike", NOW)
    with town.database.read() as db:
        assert db.scalar(select(func.count()).select_from(ConversationMerge)) == 0


def test_a_person_is_not_parted_while_a_thread_rests_on_it(town, elsewhere, second, ben):
    town.take(asks("a", 0))
    elsewhere.take(asks("b", 1))
    second.take(asks("c", 2))
    one, two = contacts(town)
    key = merge_contacts(town.database, ben, one, two, "alike", NOW)
    first, other, third = conversations(town)
    same = merge_conversations(town.database, ben, first, third, "sent to both", NOW)
    both = merge_conversations(town.database, ben, first, other, "sent to both", NOW)
    with pytest.raises(BadValue, match="one thread"):
        part_contacts(town.database, ben, key, LATER)
    part_conversations(town.database, ben, both, LATER)
    part_contacts(town.database, ben, key, LATER)
    assert one_group(town, first, CONVERSATIONS) == (first, third)
    assert same


def test_what_is_one_is_not_merged_again(town, ben):
    town.take(asks("a", 0), asks("b", 1, contact=BEN))
    one, two = contacts(town)
    merge_contacts(town.database, ben, one, two, "alike", NOW)
    for lead, part in ((one, one), (one, two), (two, one)):
        with pytest.raises(AlreadyMerged):
            merge_contacts(town.database, ben, lead, part, "alike", NOW)


def test_a_merge_is_taken_back_once(town, ben):
    town.take(asks("a", 0), asks("b", 1, contact=BEN))
    key = merge_contacts(town.database, ben, *contacts(town), "alike", NOW)
    part_contacts(town.database, ben, key, NOW)
    with pytest.raises(NotMerged):
        part_contacts(town.database, ben, key, NOW)


def test_a_merge_and_its_end_are_on_the_record_with_the_reason(town, ben):
    town.take(asks("a", 0), asks("b", 1, contact=BEN))
    lead, part = contacts(town)
    with pytest.raises(BadValue):
        merge_contacts(town.database, ben, lead, part, "  ", NOW)
    key = merge_contacts(town.database, ben, lead, part, "alike", NOW)
    part_contacts(town.database, ben, key, LATER)
    with town.database.read() as db:
        events = list(db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(2)))
    assert [(one.action, one.object, one.object_id) for one in events] == [
        ("unmerge", "contact", part),
        ("merge", "contact", part),
    ]
    assert events[1].reason == "alike"
    assert events[1].after == events[0].before == {"lead": lead, "merge": key}


def test_no_group_grows_without_end(town, ben, monkeypatch):
    monkeypatch.setattr("data.merging.LARGEST_GROUP", 2)
    town.take(*(asks(name, number, contact=_someone(name)) for number, name in enumerate("abc")))
    a, b, c = contacts(town)
    merge_contacts(town.database, ben, a, b, "alike", NOW)
    with pytest.raises(BadValue, match="at most"):
        merge_contacts(town.database, ben, a, c, "alike", NOW)


def test_the_form_offers_namesakes_and_other_conversations(town, second, elsewhere, ben):
    town.take(asks("a", 0))
    second.take(asks("b", 1))
    elsewhere.take(asks("c", 2), asks("d", 3, contact=BEN))
    ann, ann_elsewhere, other = contacts(town)
    conversation = conversations(town)[0]
    offered = mergeable(town.database, ben, conversation, "", NOW)
    assert [one.id for one in offered.identities] == [ann_elsewhere]
    assert [one.account for one in offered.conversations] == ["@northroads"]
    assert [one.id for one in mergeable(town.database, ben, conversation, "BEN", NOW).identities] == [other]
    assert mergeable(town.database, ben, conversation, "100%_", NOW).identities == ()
    merge_contacts(town.database, ben, ann, ann_elsewhere, "alike", NOW)
    offered = mergeable(town.database, ben, conversation, "", NOW)
    assert offered.identities == ()
    assert [one.account for one in offered.conversations] == ["@northroads", "North"]


def test_random_keys_of_another_workspace_are_not_found(town, ben, database_url):
    town.take(asks("a", 0), asks("b", 1, contact=BEN))
    south = found(town.database, "south")
    south.take(asks("a", 0), asks("b", 1, contact=BEN))
    home = south.account.workspace_id
    sam = scope_of(home, add_member(town.database, home, "sam", "Supervisor"), "Supervisor", "south")
    ours, theirs = contacts(town), contacts(south)
    standing = merge_contacts(town.database, ben, *ours, "alike", NOW)
    rng = random.Random(3)
    for _ in range(20):
        lead, part = rng.choice([*ours, 9_999]), rng.choice([*ours, *theirs, 2**62])
        with pytest.raises(NotFound):
            merge_contacts(town.database, sam, lead, part, "alike", NOW)
        with pytest.raises(NotFound):
            merge_conversations(town.database, sam, rng.choice(conversations(town)), part, "alike", NOW)
    for act in (part_contacts, part_conversations):
        with pytest.raises(NotFound):
            act(town.database, sam, standing, NOW)
    for act in (mergeable, history):
        with pytest.raises(NotFound):
            act(*((town.database, sam, conversations(town)[0]) + (("",) if act is mergeable else ()) + (NOW,)))
    with town.database.read() as db:
        assert db.scalar(select(func.count()).select_from(ContactMerge)) == 1


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_merging_needs_a_desk(town, ben, role):
    town.take(asks("a", 0), asks("b", 1, contact=BEN))
    home = town.account.workspace_id
    eve = scope_of(home, add_member(town.database, home, "eve", role), role)
    for act in (merge_contacts, merge_conversations):
        with pytest.raises(NotPermitted):
            act(town.database, eve, *contacts(town), "alike", NOW)
    for act in (part_contacts, part_conversations):
        with pytest.raises(NotPermitted):
            act(town.database, eve, 1, NOW)


def test_a_command_merges_nothing(town):
    with pytest.raises(NotFound):
        merge_contacts(town.database, Scope(1, "north", BUILT_IN_ROLES["Operator"]), 1, 2, "alike", NOW)
