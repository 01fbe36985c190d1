"""Looking for words: found in every script, in one's own workspace only, and followed when they are changed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, text, update

from data.queries.queue import PAGE, queue
from data.queries.search import LOOKED, MOST_HITS
from models.conversation import Contact, Conversation, Message
from models.notes import Note
from models.permissions import BUILT_IN_ROLES, Scope
from models.search_index import SOURCES
from models.snapshots import QueueFilters
from tests.histories import HOUR, History, message
from tests.rows import add_user, open_database
from tests.unit.models.test_search import HOSTILE

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
TEXTS = {
    "pl": "Zgubiłam córkę na rynku, ma 6 lat, czerwona kurtka",
    "cy": "Mae coeden wedi disgyn ar y ffordd ger yr Ŵyl",
    "ur": "میرے پڑوس میں آگ لگی ہے، مُحَمَّد وہاں ہے",
    "en": "The neighbour's café on Mill Road: FIRE in the back garden",
}


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return History(database)


def say(history, words, sent=NOW - HOUR, conversation=None, **values):
    """A message; returns its conversation's key and its own."""
    account = values.pop("account_id", None) or history.account(values.pop("channel", "x"))
    contact = values.pop("contact", None) or history.contact()
    conversation = conversation or history.conversation(account, contact, since=sent, due=NOW, **values)
    row = message(next(history.numbers), account, sent)
    row |= {"conversation_id": conversation, "contact_id": contact, "text": words}
    return conversation, history.add(Message, **row)


def look(history, words, user_id=1, **filters):
    scope = Scope(history.id, history.slug, BUILT_IN_ROLES["Operator"], user_id, "Ann")
    return queue(history.database, scope, QueueFilters(words=words, **filters), NOW)


def ids(found):
    return [row.id for row in found.rows]


def marked(found):
    return [[row.found.text[one.begin : one.end] for one in row.found.spans] for row in found.rows]


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [
        ("zgubilam", "pl", ["Zgubiłam"]),
        ("CÓRK", "pl", ["córk"]),
        ('"na rynku"', "pl", ["na rynku"]),
        ("wyl", "cy", ["Ŵyl"]),
        ("coeden fford", "cy", ["coeden", "fford"]),
        ("آگ", "ur", ["آگ"]),
        ("محمد", "ur", ["مُحَمَّد"]),
        ("مي*", "ur", ["می", "می"]),
        ("cafe", "en", ["café"]),
        ("neighb", "en", ["neighb"]),
        ("mill-road fire", "en", ["Mill Road", "FIRE"]),
    ],
)
def test_words_are_found_in_every_language(north, asked, language, words):
    keys = {name: say(north, words)[0] for name, words in TEXTS.items()}
    if asked.startswith("neighb"):
        with north.at_once():
            north.write(
                lambda c, home: c.db.execute(update(Contact).values(name="", handle="@x", audit_id=home["audit_id"]))
            )
    found = look(north, asked)
    assert ids(found) == [keys[language]]
    assert marked(found) == [words]
    assert found.rows[0].found.where == "message"


@pytest.mark.parametrize("asked", ['"rynku na"', "ire", "café closed", "zg ub"])
def test_what_is_not_there_is_not_found(north, asked):
    for words in TEXTS.values():
        say(north, words)
    assert look(north, asked).total == 0


def test_people_are_found_by_name_and_handle(north):
    first, _ = say(north, "hello", contact=north.contact(name="Priya Nair", handle="@priya.nair.52"))
    say(north, "hello", contact=north.contact(name="Jean", handle="@jean"))
    for asked in ("priya", "Nair", "@priya", "nair.52"):
        found = look(north, asked)
        assert ids(found) == [first], asked
        assert found.rows[0].found.where == "contact"


def test_notes_are_found_and_followed(north):
    ann = add_user(north.database, "ann")
    key, _ = say(north, "hello")
    note = north.add(Note, conversation_id=key, author_id=ann, text="Same address as last week", written=NOW)
    found = look(north, "address")
    assert (ids(found), found.rows[0].found.where, marked(found)) == ([key], "note", [["address"]])
    with north.at_once():
        north.write(
            lambda c, home: c.db.execute(
                update(Note).where(Note.id == note).values(text="Another house", audit_id=home["audit_id"])
            )
        )
    assert look(north, "address").total == 0
    assert ids(look(north, "house")) == [key]


def test_every_source_has_its_index_and_leads_to_conversations():
    assert [one.source for one in LOOKED] == list(SOURCES)


def test_the_newest_come_first_and_a_conversation_once(north):
    old, _ = say(north, "fire one", NOW - 9 * HOUR)
    new, _ = say(north, "fire two", NOW - 2 * HOUR)
    say(north, "fire three", NOW - HOUR, conversation=old)
    found = look(north, "fire")
    assert ids(found) == [old, new]
    assert found.rows[0].found.text == "fire three"


def test_no_other_workspace_is_found_or_counted(north, database):
    south = History(database, "south", 2)
    mine, _ = say(north, "a shared word")
    for number in range(3):
        say(south, f"a shared word {number}", contact=south.contact(name="Shared"))
    say(south, "southernonly")
    assert ids(look(north, "shared")) == [mine]
    assert look(north, "shared").total == 1
    assert look(north, "southernonly").total == 0
    assert look(north, "w2").total == look(north, "home:w2").total == 0
    assert look(south, "shared").total == 3


def test_the_filters_of_the_queue_hold(north):
    ann = add_user(north.database, "ann")
    x, y = north.account("x"), north.account("mastodon")
    kept = say(north, "bridge", account_id=x, rank=1, holder_id=ann, flags=["child_at%risk"], media=True, last_at=NOW)[
        0
    ]
    say(north, "bridge", account_id=y, rank=3, last_at=NOW - timedelta(days=30), flags=["childxat risk"])
    assert look(north, "bridge").total == 2
    for filters in (
        {"channel": "x"}, {"account": x}, {"grade": "emergency"}, {"holder": "me"}, {"holder": str(ann)},
        {"when": "today"}, {"when": "24h"}, {"when": "7d"}, {"flag": "media"}, {"flag": "child_at%risk"},
    ):  # fmt: skip
        assert ids(look(north, "bridge", user_id=ann, **filters)) == [kept], filters
    assert kept not in ids(look(north, "bridge", holder="nobody"))
    assert look(north, "bridge", team=99).total == look(north, "bridge", topic=99).total == 0
    assert look(north, "bridge", flag="repeat").total == 0
    assert look(north, "bridge", view="closed").total == 2, "a search looks everywhere"


def test_an_edit_is_followed_and_what_is_removed_is_gone(north):
    key, message_id = say(north, "the first words")
    with north.at_once():
        north.write(
            lambda c, home: c.db.execute(
                update(Message).where(Message.id == message_id).values(text="another Ŵyl", audit_id=home["audit_id"])
            )
        )
    assert look(north, "first").total == 0
    assert ids(look(north, "wyl")) == [key]
    with north.at_once():
        north.write(
            lambda c, home: c.db.execute(
                update(Message).where(Message.id == message_id).values(spam=True, audit_id=home["audit_id"])
            )
        )
    assert ids(look(north, "wyl")) == [key]
    north.write(lambda c, home: c.db.execute(delete(Message).where(Message.id == message_id)))
    assert look(north, "wyl").total == 0


def test_what_is_rolled_back_was_never_found(north):
    key, _ = say(north, "kept")
    with pytest.raises(ZeroDivisionError), north.at_once():
        say(north, "vanished", conversation=key)
        raise ZeroDivisionError
    assert look(north, "vanished").total == 0


@pytest.mark.parametrize("asked", HOSTILE)
def test_nothing_typed_is_an_error(north, asked):
    say(north, f"what {asked!r} was typed")
    assert look(north, asked).total in (0, 1)


@pytest.mark.parametrize(
    "words", [*(one for one in HOSTILE if one not in ("\x00", "a\x00b", "\ud800")), "x" * 3000, "ab " * 70_000]
)
def test_no_text_is_too_odd_to_be_stored(north, words):
    key, _ = say(north, f"{words} lighthouse" if len(words) < 100_000 else f"lighthouse {words}")
    if len(words) <= 3000:
        assert ids(look(north, "lighthouse")) == [key]


def test_a_search_pages_and_says_where_it_stopped(north, monkeypatch):
    account = north.account()
    with north.at_once():
        for number in range(PAGE + 5):
            say(north, "bridge", NOW - number * timedelta(minutes=1), account_id=account)
    found = look(north, "bridge")
    assert (len(found.rows), found.total, found.pages, found.looked_at) == (PAGE, PAGE + 5, 2, None)
    assert len(look(north, "bridge", page=2).rows) == 5
    monkeypatch.setattr("data.queries.search.MOST_HITS", PAGE + 5)
    assert look(north, "bridge").looked_at == PAGE + 5
    assert look(north, "bridge", account=9999).looked_at == PAGE + 5
    assert MOST_HITS >= PAGE


def test_a_question_without_words_finds_nothing(north):
    say(north, "something")
    found = look(north, " ?! ")
    assert (found.rows, found.total, found.looked_at) == ((), 0, None)


def test_the_index_is_what_is_asked(north, database_kind):
    """Neither database reads its messages from end to end: SQLite says how it would."""
    if database_kind != "sqlite":
        pytest.skip("Postgres plans by its statistics")
    say(north, "bridge")
    asked = []
    listener = lambda _c, _cu, statement, values, *_: asked.append((statement, values))  # noqa: E731
    event.listen(north.database.reader, "before_cursor_execute", listener)
    look(north, "bridge")
    event.remove(north.database.reader, "before_cursor_execute", listener)
    with north.database.read() as db:
        plans = [
            row[-1]
            for statement, values in asked
            if statement.startswith("SELECT")
            for row in db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert [line for line in plans if "VIRTUAL TABLE INDEX" in line and "M" in line]
    assert [
        line for line in plans if line.startswith("SCAN") and line.split()[1] in ("message", "conversation", "contact")
    ] == []


def test_a_planted_fault_is_caught(north, database_kind):
    """Without its trigger the index forgets: the tests above would fail."""
    if database_kind != "sqlite":
        pytest.skip("an index over an expression cannot be left behind")
    with north.database.write() as db:
        db.execute(text("DROP TRIGGER search_message_insert"))
    say(north, "bridge")
    assert look(north, "bridge").total == 0
    with north.database.read() as db:
        assert db.scalar(select(Message.id)) is not None
        assert db.scalar(select(Conversation.id)) is not None
