"""One conversation as it is read: its newest page, versions, matches, who claimed it, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from data.audit import change
from data.desk import claim, release
from data.queries.conversation import PAGE, thread
from models.audit import Actor
from models.conversation import Conversation, Message, MessageVersion
from models.permissions import Permission, Scope
from models.posts import Direction, Kind
from models.problems import NotFound, NotPermitted
from models.snapshots import EarlierVersion
from models.workspace import Rule, Topic
from tests.histories import DAY, HOUR, History, message
from tests.rows import add_user, open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RIGHTS = frozenset({Permission.READ, Permission.CLAIM})


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return History(database)


@pytest.fixture
def account(north):
    return north.account("x", handle="@north")


def read(history, key, user_id=None, now=NOW):
    return thread(history.database, Scope(history.id, history.slug, RIGHTS, user_id, "Ann"), key, now)


def say(history, account, conversation, sent, **values):
    number = next(history.numbers)
    return history.add(Message, **message(number, account, sent) | {"conversation_id": conversation} | values)


def test_the_newest_hundred_messages_are_shown_oldest_first(north, account):
    conversation = north.conversation(account)
    times = [NOW - number * MINUTE for number in range(130)]
    north.random.shuffle(times)
    with north.at_once():
        for sent in times:
            say(north, account, conversation, sent)
        say(north, account, north.conversation(account), NOW)
    found = read(north, conversation)
    assert [one.sent for one in found.messages] == sorted(times)[-PAGE:]
    assert found.more == 30


def test_messages_of_one_instant_keep_their_order(north, account):
    conversation = north.conversation(account)
    keys = [say(north, account, conversation, NOW) for _ in range(3)]
    assert [one.id for one in read(north, conversation).messages] == keys


def test_a_conversation_of_another_workspace_is_not_found(north, account, database):
    conversation = north.conversation(account)
    south = History(database, "south")
    for history, key in ((south, conversation), (north, conversation + 999)):
        with pytest.raises(NotFound):
            read(history, key)


def test_only_readers_read(north, account):
    conversation = north.conversation(account)
    with pytest.raises(NotPermitted):
        thread(north.database, Scope(north.id, "north", frozenset({Permission.VIEW_BOARD})), conversation, NOW)


def test_the_head_says_who_where_and_how_long(north, account, database):
    ann = add_user(database, "ann")
    contact = north.contact(name="", handle="@neighbour", followers=12)
    with database.read() as db:
        topic = db.execute(select(Topic.id, Topic.word).where(Topic.workspace_id == north.id)).first()
    started = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    conversation = north.conversation(
        account,
        contact,
        rank=2,
        since=started,
        due=NOW,
        topic_id=topic.id,
        flags=["risk"],
        holder_id=ann,
        held_since=NOW,
    )
    north.episode(conversation, started)
    north.episode(conversation, NOW - 40 * DAY)
    found = read(north, conversation, ann)
    assert (found.contact, found.handle, found.followers, found.contacts) == ("@neighbour", "@neighbour", 12, 1)
    assert (found.channel, found.account, found.topic, found.flags) == ("x", "@north", topic.word, ("risk",))
    assert (found.grade.rank, found.state, found.since, found.due) == (2, "open", started, NOW)
    assert found.staffed == NOW - datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "the office opens at nine"
    assert (found.holder, found.mine, found.held_since) == ("Ann", True, NOW)
    assert not read(north, conversation, ann + 1).mine
    assert (found.workspace.slug, found.as_at) == ("north", NOW)


def test_without_an_unanswered_message_nothing_is_waited_for(north, account):
    found = read(north, north.conversation(account, state="waiting for the contact"))
    assert (found.since, found.due, found.staffed, found.holder) == (None, None, None, None)
    assert (found.messages, found.more, found.contacts) == ((), 0, 0)


def test_who_wrote_what_is_told_apart(north, account, database):
    ann = add_user(database, "ann")
    conversation = north.conversation(account)
    ways = [
        {"direction": "in", "kind": "private"},
        {"direction": "out", "user_id": ann},
        {"direction": "out"},
        {"direction": "out", "automatic": True},
    ]
    for number, values in enumerate(ways):
        say(north, account, conversation, NOW + number * MINUTE, **values)
    told = [(one.direction, one.author, one.elsewhere, one.automatic) for one in read(north, conversation).messages]
    assert told == [
        (Direction.IN, None, False, False),
        (Direction.OUT, "Ann", False, False),
        (Direction.OUT, None, True, False),
        (Direction.OUT, None, False, True),
    ]
    assert read(north, conversation).messages[0].kind is Kind.PRIVATE


def test_an_edited_message_shows_what_it_said_before(north, account):
    conversation = north.conversation(account)
    key = say(north, account, conversation, NOW, edited=NOW + 2 * MINUTE, version_id="c", text="third")
    for version, text, at in (("c", "third", 2), ("a", "first", 0), ("b", "second", 1)):
        north.add(MessageVersion, message_id=key, version_id=version, text=text, at=NOW + at * MINUTE)
    shown = read(north, conversation).messages[0]
    assert (shown.text, shown.edited) == ("third", NOW + 2 * MINUTE)
    assert shown.earlier == (EarlierVersion("first", NOW), EarlierVersion("second", NOW + MINUTE))


def test_a_deleted_message_keeps_its_text_and_says_when_it_went(north, account):
    conversation = north.conversation(account)
    say(
        north, account, conversation, NOW, deleted=NOW + HOUR, text="gone", media=[["photo", "a bridge"], ["video", ""]]
    )
    shown = read(north, conversation).messages[0]
    assert (shown.text, shown.deleted, shown.media) == ("gone", NOW + HOUR, ("photo: a bridge", "video"))


def risk_rule(history, grade="emergency"):
    values = {"conditions": {"words": {"any": ["knife"]}}, "actions": {"grade": grade}}
    return history.add(Rule, name="Risk words", position=1, **values)


def hits(rule_id, begin, end, name="Risk words"):
    return {"flags": ["risk"], "rules": [{"id": rule_id, "name": name, "words": ["knife"], "spans": [[begin, end]]}]}


def test_matched_words_stand_where_they_were_written_and_the_rule_is_named(north, account):
    rule = risk_rule(north)
    conversation = north.conversation(account, rank=1)
    text = "he has a knife"
    say(
        north, account, conversation, NOW, text=text, grade_id=north.ways.grade_ids[1], hits=hits(rule, 9, 14),
        stored=NOW + MINUTE, sorted=NOW + MINUTE,
    )  # fmt: skip
    found = read(north, conversation)
    (matched,) = found.messages[0].matched
    assert (matched.rule, matched.words) == ("Risk words", ("knife",))
    assert [text[span.begin : span.end] for span in matched.spans] == ["knife"]
    assert (found.messages[0].grade.rank, found.messages[0].stored) == (1, NOW + MINUTE)
    (event,) = found.events
    assert (event.at, event.action, event.who) == (NOW + MINUTE, "grade", "the rule “Risk words”")
    assert event.detail == (("grade", "Emergency"),)


def test_a_rule_that_was_changed_since_is_not_said_to_have_graded(north, account):
    rule = risk_rule(north, grade="priority")
    conversation = north.conversation(account, rank=1)
    say(north, account, conversation, NOW, grade_id=north.ways.grade_ids[1], hits=hits(rule, 0, 3))
    assert read(north, conversation).events == ()


def test_a_second_message_as_urgent_as_the_first_is_not_graded_again(north, account):
    rule = risk_rule(north)
    conversation = north.conversation(account, rank=1)
    turn = north.turn(conversation, account, NOW - HOUR, rank=1)
    for number in range(3):
        values = {"grade_id": north.ways.grade_ids[1], "hits": hits(rule, 0, 3), "turn_id": turn}
        say(north, account, conversation, NOW + number * MINUTE, **values)
    assert [one.action for one in read(north, conversation).events] == ["grade"]


def test_claims_and_releases_are_told_once_with_who_and_when(north, account, database):
    users = [add_user(database, name) for name in ("ann", "bob")]
    scopes = [Scope(north.id, "north", RIGHTS, user, name) for user, name in zip(users, ("Ann", "Bob"), strict=True)]
    conversation = north.conversation(account, since=NOW, due=NOW)
    claim(database, scopes[0], conversation, NOW)
    release(database, scopes[0], conversation, NOW + MINUTE)
    claim(database, scopes[1], conversation, NOW + 2 * MINUTE)
    found = read(north, conversation, users[1])
    assert [(one.at, one.action, one.who) for one in found.events] == [
        (NOW, "claim", "Ann"),
        (NOW + MINUTE, "release", "Ann"),
        (NOW + 2 * MINUTE, "claim", "Bob"),
    ]
    assert (found.holder, found.mine) == ("Bob", True)


def state(history, conversation, action, at, after):
    actor = Actor("Sue", address="192.0.2.7")
    with change(history.database, history.id, actor, at) as c:
        c.db.get_one(Conversation, conversation).flags = [action]
        c.state(action, "conversation", conversation, after=after)


def test_what_else_was_done_comes_from_the_trail_in_words_only(north, account):
    conversation, other = north.conversation(account), north.conversation(account)
    state(north, conversation, "topic", NOW, {"topic": "fraud", "topic_id": 3})
    state(north, other, "topic", NOW, {"topic": "welfare"})
    (event,) = read(north, conversation).events
    assert (event.at, event.action, event.who, event.detail) == (NOW, "topic", "Sue", (("topic", "fraud"),))
    assert "192.0.2.7" not in repr(event)


def test_events_before_the_first_message_shown_are_left_out(north, account):
    conversation = north.conversation(account)
    say(north, account, conversation, NOW)
    state(north, conversation, "topic", NOW - MINUTE, None)
    state(north, conversation, "topic", NOW + MINUTE, None)
    assert [one.at for one in read(north, conversation).events] == [NOW + MINUTE]
