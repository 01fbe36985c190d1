"""Whatever a network or a file says, reading it gives a post or a named refusal, and nothing that cannot be stored."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.channels.lines import COLUMNS, BadLine, happened, post_of, unreadable
from data.channels.texts import LONGEST_TEXT, storable, storable_name, unescaped
from data.channels.x_cursor import Cursor, read_cursor
from data.channels.x_engagement import figures
from data.channels.x_posts import OddPost, around, private_post, public_post, tombstone
from models.posts import Direction, Post

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(categories=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
POST_FIELDS = (
    "id", "text", "author_id", "created_at", "edit_history_tweet_ids", "edit_history_post_ids", "referenced_tweets",
    "in_reply_to_user_id", "lang", "note_tweet", "source", "withheld", "attachments", "sender_id", "dm_conversation_id",
)  # fmt: skip
NESTED = {
    "attachments": st.fixed_dictionaries({"media_keys": ANYTHING}),
    "note_tweet": st.fixed_dictionaries({"text": ANYTHING}),
    "withheld": st.fixed_dictionaries({"country_codes": ANYTHING}),
    "referenced_tweets": st.lists(st.fixed_dictionaries({"type": ANYTHING, "id": ANYTHING}), max_size=2),
    "text": st.none(),
}
GOOD = {"id": "1346889436626259968", "text": "hello", "author_id": "7", "created_at": "2021-01-06T18:40:40.000Z"}


def is_storable(post: Post) -> bool:
    words = [post.network_id, post.version_id, post.text, post.parent_id or "", post.language or ""]
    words += [word for medium in post.media for word in (medium.kind, medium.description)]
    if post.contact:
        words += [post.contact.network_id, post.contact.handle, post.contact.name]
    return all("\0" not in word and word.encode() is not None for word in words)


def test_any_value_in_any_field_of_a_post_of_x_is_read_or_refused_by_name():
    @given(
        st.dictionaries(st.sampled_from(POST_FIELDS), ANYTHING, max_size=4),
        st.fixed_dictionaries({}, optional=NESTED),
        ANYTHING,
    )
    def check(flat, nested, includes):
        changes = {**flat, **nested}
        for read in (
            lambda raw: public_post(raw, around(includes), "7", frozenset()),
            lambda raw: private_post(raw, around(includes), "7"),
        ):
            for raw in ({**GOOD, **changes}, changes):
                try:
                    assert is_storable(read(raw))
                except OddPost as why:
                    assert str(why)

    check()


def test_any_value_beside_a_post_of_x_does_no_harm():
    @given(st.dictionaries(st.sampled_from(["users", "media", "tweets"]), ANYTHING), ANYTHING)
    def check(includes, person):
        told = {**includes, "users": [{"id": "7", "username": person, "name": person, "public_metrics": person}]}
        raw = {**GOOD, "attachments": {"media_keys": ["m"]}}
        assert is_storable(public_post(raw, around(told), "1", frozenset()))
        figures([raw, person], includes)

    check()


def test_any_value_in_any_column_of_a_file_is_read_or_refused_by_name():
    @given(st.dictionaries(st.sampled_from(COLUMNS), ANYTHING, max_size=4))
    def check(changes):
        line = {"sent": "2025-03-03T09:00:00Z", "text": "hello", **changes}
        try:
            happened(line)
            assert is_storable(post_of(line, "made-up", lambda at: at))
        except BadLine as why:
            assert unreadable(line, str(why)).raw.encode()

    check()


def test_any_text_can_be_stored_and_comes_back_from_json():
    @given(st.text(st.characters(categories=None)))
    def check(text):
        kept = storable(text)
        assert json.loads(json.dumps(kept)) == kept
        assert kept.encode().decode() == kept
        assert "\0" not in kept
        assert storable(kept) == kept
        assert len(storable_name(text)) <= 200

    check()


def test_a_text_without_oddities_stays_as_it_is():
    text = "Ffordd ar gau 🚧 zamknięta سڑک بند\n" * 10
    assert storable(text) is text
    assert storable("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT


@pytest.mark.parametrize(
    ("escaped", "plain"), [("a &amp; b", "a & b"), ("&amp;lt;", "&lt;"), ("&lt;3 &gt;", "<3 >"), ("&copy;", "&copy;")]
)
def test_only_the_escapes_of_x_are_undone_and_only_once(escaped, plain):
    assert unescaped(escaped) == plain


@pytest.mark.parametrize("stored", [None, "", "{", "[]", "5", '{"colour": 1}', '{"streams": {"own": {"colour": 1}}}'])
def test_a_cursor_of_another_make_is_the_beginning(stored):
    assert read_cursor(stored) == Cursor()


def test_a_cursor_comes_back_as_it_was_stored():
    cursor = Cursor(me="7", left=["own"], moved=NOON.isoformat(), looked=NOON.isoformat())
    cursor.stream("own").token = "next"
    cursor.remember("5", "6", "in")
    assert read_cursor(cursor.text()) == cursor


def test_the_newest_hundred_posts_are_remembered_by_their_newest_version():
    cursor = Cursor()
    for identity in range(1, 131):
        cursor.remember(str(identity), str(identity), "in")
    cursor.remember("130", "500", "in")
    cursor.remember("130", "400", "in")
    assert len(cursor.recent) == 100
    assert cursor.recent[0] == ["130", "500", "in"]
    assert cursor.recent[-1][0] == "31"


def test_a_tombstone_without_a_time_in_its_id_stands_at_the_time_it_was_found():
    assert tombstone("abc", Direction.IN, NOON).sent == NOON
