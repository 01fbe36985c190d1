"""One fetched page: what becomes of it, that it counts once, and that all of it is stored or none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from data.intake import take
from data.queries.wallboard import wallboard
from models.audit import AuditEvent, Revision
from models.conversation import Contact, Conversation, Episode, Message, MessageVersion, Quarantined, Tally, Turn
from models.posts import Batch
from models.rollups import Hourly
from models.workspace import AccountPoll
from tests.arrivals import (
    BEN,
    MINUTE,
    MONDAY,
    NOW,
    add_colleague,
    answers,
    asks,
    edit,
    found,
    gone,
    person,
    picture,
)  # fmt: skip
from tests.rows import open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield opened
    opened.close()


@pytest.fixture
def town(database):
    return found(database)


def events(town):
    return sorted(town.rows(AuditEvent), key=lambda event: event.sequence)


def only(rows):
    [row] = rows
    return row


def test_the_same_page_twice_is_stored_once(town):
    page = (asks("a", 1, "fire"), answers("r", 2, "a"))
    first = town.take(*page)
    before = picture(town)
    second = town.take(*page)
    assert (first.stored, second.stored, second.duplicate) == (2, 0, 2)
    assert picture(town) == before


def test_the_same_post_twice_in_one_page_is_one_message(town):
    assert town.take(asks("a", 1), asks("a", 1)).named() == {"stored": 1, "duplicate": 1}
    assert len(town.rows(Message)) == 1


def test_counts_say_what_became_of_every_post(town):
    first = asks("a", 1)
    town.take(first)
    counts = town.take(first, asks("b", 2), edit(first, 3, "fire"), gone(first, 4), unreadable=["{", "{", "}"])
    assert counts.named() == {"stored": 1, "duplicate": 2, "edited": 1, "deleted": 1, "rejected": 2}
    assert counts.fetched == 7


def test_tallies_of_the_day_sum_to_what_was_fetched(town):
    town.take(asks("a", 1), asks("b", 1), unreadable=["{"])
    town.take(asks("a", 1), at=NOW + timedelta(hours=1))
    town.take(asks("c", 1), at=NOW + timedelta(hours=13))
    tallies = {(row.day, row.outcome): row.count for row in town.rows(Tally)}
    assert tallies == {
        ("2026-11-30", "stored"): 2, ("2026-11-30", "rejected"): 1, ("2026-11-30", "duplicate"): 1,
        ("2026-12-01", "stored"): 1,
    }  # fmt: skip


def test_what_cannot_be_read_is_kept_once_with_its_reason(town):
    town.take(unreadable=['{"id": 7}'])
    again = town.take(unreadable=['{"id": 7}'])
    assert again.named() == {"duplicate": 1}
    kept = only(town.rows(Quarantined))
    assert (kept.raw, kept.reason, kept.at) == ('{"id": 7}', "odd", NOW)


def test_an_edit_keeps_both_texts_and_shows_the_latest(town):
    first = asks("a", 1, "hello")
    town.take(first)
    town.take(edit(first, 5, "fire"))
    message = only(town.rows(Message))
    assert (message.text, message.edited, message.sent) == ("fire", MONDAY + 5 * MINUTE, MONDAY + MINUTE)
    assert sorted(version.text for version in town.rows(MessageVersion)) == ["fire", "hello"]


def test_a_message_keeps_the_most_urgent_grade_of_its_versions(town):
    first = asks("a", 1, "fire")
    town.take(first)
    town.take(edit(first, 5, "sorry"))
    assert picture(town)["message"][0].count("grade_id=Emergency") == 1


def test_a_deletion_marks_the_message_and_keeps_its_text(town):
    first = asks("a", 1, "fire")
    town.take(first)
    assert town.take(gone(first, 9)).named() == {"deleted": 1}
    message = only(town.rows(Message))
    assert (message.text, message.deleted) == ("fire", MONDAY + 9 * MINUTE)
    assert town.take(gone(first, 10)).named() == {"duplicate": 1}


def test_what_a_colleague_sent_here_is_told_from_what_was_answered_elsewhere(town, database):
    with database.read() as db:
        ann = db.scalar(text('SELECT min(id) FROM "user"'))
    town.take(asks("a", 1), answers("r", 2, "a"), asks("b", 3), answers("s", 4, "b"), sent_by={"r": ann})
    first, second = sorted(town.rows(Turn), key=lambda turn: turn.started)
    assert (first.replied_by, first.elsewhere) == (ann, False)
    assert (second.replied_by, second.elsewhere) == (None, True)


def test_times_of_fetching_storing_and_sorting_are_kept(town):
    town.take(asks("a", 1))
    message = only(town.rows(Message))
    assert (message.sent, message.fetched, message.stored, message.sorted) == (MONDAY + MINUTE, NOW, NOW, NOW)


def test_a_page_for_the_demonstration_was_stored_a_while_after_it_was_sent(town):
    town.take(asks("a", 1), lag=timedelta(seconds=24))
    message = only(town.rows(Message))
    assert message.stored == message.fetched == MONDAY + MINUTE + timedelta(seconds=24)


def test_the_cursor_moves_with_the_rows(town):
    town.take(asks("a", 1), cursor="17")
    polled = only(town.rows(AccountPoll))
    assert (polled.cursor, polled.last_success, polled.last_new, polled.failures) == ("17", NOW, NOW, 0)


def test_a_page_without_news_moves_the_cursor_and_not_the_last_news(town):
    town.take(asks("a", 1), cursor="17")
    town.take(cursor="18", at=NOW + MINUTE)
    polled = only(town.rows(AccountPoll))
    assert (polled.cursor, polled.last_success, polled.last_new) == ("18", NOW + MINUTE, NOW)


def test_reads_add_up_within_a_calendar_month(town):
    for at in (NOW, NOW + MINUTE, NOW + timedelta(days=1)):
        take(town.database, town.account, Batch((), "c", reads=100), at, lambda at=at: at)
        reads = only(town.rows(AccountPoll)).reads
    assert (reads, only(town.rows(AccountPoll)).month) == (100, "2026-12")


def test_history_leaves_the_cursor_alone(town):
    town.take(asks("a", 1), polled=False)
    assert town.rows(AccountPoll) == []


def test_a_changed_page_states_one_event_and_raises_the_revision_once(town):
    before, revision = len(events(town)), only(town.rows(Revision)).number
    town.take(asks("a", 1), asks("b", 2, contact=BEN), unreadable=["{"])
    assert len(events(town)) == before + 1
    assert only(town.rows(Revision)).number == revision + 1
    assert events(town)[-1].after["counts"] == {"stored": 2, "rejected": 1}


@pytest.mark.parametrize("page", [(), (asks("a", 1),)], ids=["empty", "duplicates only"])
def test_a_page_that_changes_nothing_states_no_event(town, page):
    town.take(asks("a", 1))
    before, revision = len(events(town)), only(town.rows(Revision)).number
    town.take(*page)
    assert len(events(town)) == before
    assert only(town.rows(Revision)).number == revision


def test_the_event_names_every_message_that_moved_and_no_word_of_any(town):
    secret = asks("secret-id", 1, "xylophone", person("zebedee", "@quokka"))
    town.take(secret)
    told = events(town)[-1]
    [[message_id, digest, rank, hours, sent]] = told.after["messages"]
    [[conversation_id, state, *_]] = told.after["conversations"]
    assert message_id == only(town.rows(Message)).id
    assert (rank, hours, sent, state) == (None, "out", (MONDAY + MINUTE).isoformat(), "open")
    assert conversation_id == only(town.rows(Conversation)).id
    whole = str([getattr(told, column.name) for column in AuditEvent.__table__.columns])
    assert not [word for word in ("xylophone", "zebedee", "Zebedee", "quokka", "secret-id") if word in whole]
    assert digest in whole


def test_every_row_of_a_page_names_its_event(town):
    town.take(asks("a", 1), answers("r", 2, "a"))
    told = events(town)[-1].id
    rows = [row for entity in (Contact, Conversation, Episode, Turn, Message) for row in town.rows(entity)]
    assert {row.audit_id for row in rows} == {told}


def test_the_earliest_time_of_a_message_stands(town):
    """A network that tells of an edit first may give the edit's time; the first version corrects it, hours and all."""
    first = asks("a", 30, "hello", language="cy")
    later = replace(edit(first, 90, "hello"), sent=MONDAY + 90 * MINUTE)
    town.take(later)
    assert only(town.rows(Message)).hours == "in"
    town.take(first)
    message = only(town.rows(Message))
    assert (message.sent, message.hours) == (MONDAY + 30 * MINUTE, "out")
    assert message.hits["flags"] == ["newcomer", "welsh at night"]
    assert only(town.rows(Turn)).started == MONDAY + 30 * MINUTE
    assert sum(row.count for row in town.rows(Hourly)) == 1


HALF_PAIR = "\ud83d"


def test_no_odd_character_stops_a_page(town):
    """Connectors clean what they give; what slips through loses the characters that no database holds, and is stored."""
    odd = f"a\0b{HALF_PAIR}c"
    author = person(f"n{HALF_PAIR}", "@\0h")
    town.take(asks("a", 1, odd, author, language="e\0n"), asks(f"id{HALF_PAIR}", 2), unreadable=[odd])
    messages = {message.network_id: message for message in town.rows(Message)}
    assert set(messages) == {"a", "id\ufffd"}
    assert (messages["a"].text, messages["a"].language) == ("ab\ufffdc", "en")
    assert {contact.handle for contact in town.rows(Contact)} == {"@h", "@ann"}
    assert only(town.rows(Quarantined)).raw == "ab\ufffdc"


def test_a_post_of_ten_megabytes_is_stored_whole(town):
    town.take(asks("a", 1, "é fire " * 1_500_000))
    assert len(only(town.rows(Message)).text) == 10_500_000
    assert len(only(town.rows(Conversation)).first_line) == 280


def test_an_empty_text_is_a_message_too(town):
    town.take(asks("a", 1, ""))
    assert only(town.rows(Conversation)).since == MONDAY + MINUTE


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        NOW + timedelta(days=2),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_a_time_that_cannot_be_true_puts_the_post_aside_and_the_rest_of_the_page_arrives(town, at):
    good = asks("good", 0)
    odd = [replace(asks("sent", 1), sent=at), edit(good, 2, "again"), replace(answers("ours", 3, "good"), sent=at)]
    odd[1] = replace(odd[1], edited=at)
    counts = town.take(good, *odd, replace(gone(good, 4), deleted=at))
    assert counts.named() == {"stored": 1, "rejected": 4}
    assert {row.reason for row in town.rows(Quarantined)} == {"its time cannot be true"}
    assert town.take(good, *odd).named() == {"duplicate": 4}


def test_a_clock_a_little_ahead_of_ours_is_believed(town):
    assert town.take(replace(asks("early", 0), sent=NOW + timedelta(minutes=5))).named() == {"stored": 1}
    board = wallboard(town.database, town.account.workspace_id, NOW)
    assert board.most_overdue.started == NOW + timedelta(minutes=5)


def test_without_rules_every_message_has_the_least_urgent_grade(database):
    plain = found(database, "plain", rules=())
    plain.take(asks("a", 1, "fire"))
    assert only(plain.rows(Conversation)).rank == 3
    assert only(plain.rows(Message)).hits is None


def test_a_post_found_first_and_known_as_ours_later_was_answered_here(town, database):
    with database.read() as db:
        ann = db.scalar(text('SELECT min(id) FROM "user"'))
    town.take(asks("a", 1), answers("r", 2, "a"))
    assert only(town.rows(Turn)).elsewhere
    assert town.take(answers("r", 2, "a"), sent_by={"r": ann}).credited == 1
    turn = only(town.rows(Turn))
    assert (turn.elsewhere, turn.replied_by) == (False, ann)
    assert town.take(answers("r", 2, "a"), sent_by={"r": ann}).credited == 0
