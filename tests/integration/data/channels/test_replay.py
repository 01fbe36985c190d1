"""Replaying a file: what is due, in which order, and what a bad line costs (docs/replay.md)."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.channels import connect
from data.channels.contract import Unreachable, WrongSetting
from models.posts import Author, Direction, Kind, Media, Reply
from tests.integration.data.channels.conftest import NOON, Reader

NINE = datetime(2025, 3, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def replay(tmp_path, clock):
    def make(content, name="posts.csv", **settings):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        given = {"path": str(path), **settings}
        return Reader(connect("replay", handle="northshire", settings=given, credentials={}, clock=clock), clock)

    return make


def rows(*texts, step=HOUR):
    return "sent,text\n" + "".join(f"{(NINE + at * step).isoformat()},{text}\n" for at, text in enumerate(texts))


def texts(posts):
    return [post.text for post in posts]


def test_a_post_arrives_when_its_time_comes(replay, clock):
    polling = replay(rows("one", "two", "three"))
    assert texts(polling.poll()) == ["one"]
    clock.pass_by(minutes=59)
    assert polling.poll() == []
    clock.pass_by(minutes=1)
    [two] = polling.poll()
    assert (two.text, two.sent) == ("two", NOON + HOUR)


def test_speed_shortens_the_time_between_posts(replay, clock):
    polling = replay(rows("one", "two", "three"), speed="60")
    clock.pass_by(seconds=0)
    assert texts(polling.poll()) == ["one"]
    clock.pass_by(seconds=60)
    [two] = polling.poll()
    assert two.sent == NOON + timedelta(minutes=1)


def test_a_start_in_the_past_is_caught_up_with_at_once(replay):
    posts = replay(rows("one", "two", "three"), start="2026-11-23T10:30:00+00:00").poll()
    assert [(post.text, post.sent) for post in posts] == [("one", NOON - 1.5 * HOUR), ("two", NOON - 0.5 * HOUR)]


def test_as_recorded_gives_everything_at_once_with_the_files_own_times(replay):
    posts = replay(rows("one", "two", "three"), as_recorded=True).poll()
    assert [post.sent for post in posts] == [NINE, NINE + HOUR, NINE + 2 * HOUR]


def test_lines_out_of_order_are_given_in_order_of_time(replay):
    text = "sent,text\n2025-03-03T11:00:00Z,later\n2025-03-03T10:00:00+01:00,first\n"
    posts = replay(text, as_recorded="yes").poll()
    assert texts(posts) == ["first", "later"]
    assert posts[0].sent == NINE


def test_pages_follow_each_other_without_gap_or_overlap(replay):
    polling = replay(rows(*[f"n{at}" for at in range(25)]), as_recorded="yes", page_size=10)
    assert texts(polling.poll()) == [f"n{at}" for at in range(25)]
    assert [len(batch.posts) for batch in polling.batches] == [10, 10, 5]
    assert polling.poll() == []


def test_the_same_cursor_gives_the_same_page(replay):
    polling = replay(rows("one", "two", "three"), as_recorded="yes", page_size=2)
    first = polling.connector.fetch(None)
    assert polling.connector.fetch(first.cursor) == polling.connector.fetch(first.cursor)
    assert polling.connector.fetch(None).posts == first.posts


def test_the_first_poll_sets_the_start_and_a_restart_keeps_it(replay, clock):
    polling = replay(rows("one", "two"))
    polling.poll()
    clock.pass_by(hours=3)
    again = replay(rows("one", "two"))
    again.cursor = polling.cursor
    assert [post.sent for post in again.poll()] == [NOON + HOUR]


FULL = {
    "network_id": "p-1",
    "sent": "2025-03-03T09:00:00Z",
    "text": "a flooded road",
    "kind": "private",
    "direction": "out",
    "contact_id": "c-7",
    "contact_handle": "@ann",
    "contact_name": "Ann",
    "parent_id": "p-0",
    "language": "cy",
    "media": "photo: water on the A road | video",
    "edited": "2025-03-03T09:05:00Z",
    "version_id": "p-1b",
    "automatic": "yes",
}


@pytest.mark.parametrize("container", ["csv", "json", "jsonl"])
def test_every_column_is_read_from_every_kind_of_file(replay, container):
    content = {
        "csv": ",".join(FULL) + "\n" + ",".join(FULL.values()) + "\n",
        "json": json.dumps([FULL], indent=1),
        "jsonl": json.dumps(FULL) + "\n\n",
    }[container]
    [post] = replay("\ufeff" + content, as_recorded="yes").poll()
    assert (post.network_id, post.version_id, post.parent_id) == ("p-1", "p-1b", "p-0")
    assert (post.kind, post.direction, post.automatic) == (Kind.PRIVATE, Direction.OUT, True)
    assert post.contact == Author("c-7", "ann", "Ann")
    assert post.media == (Media("photo", "water on the A road"), Media("video"))
    assert (post.sent, post.edited, post.language) == (NINE, NINE + timedelta(minutes=5), "cy")


def test_media_in_json_may_be_objects(replay):
    line = {"sent": "2025-03-03T09:00:00Z", "text": "x", "media": [{"kind": "Photo", "description": "a dog"}, "video"]}
    [post] = replay(json.dumps(line), "posts.jsonl", as_recorded="yes").poll()
    assert post.media == (Media("photo", "a dog"), Media("video"))


def test_a_deletion_arrives_at_its_own_time_and_keeps_no_text(replay, clock):
    text = "network_id,sent,text,deleted\np,2025-03-03T09:00:00Z,secret,\np,2025-03-03T09:00:00Z,secret,2025-03-03T10:00:00Z\n"
    polling = replay(text)
    assert texts(polling.poll()) == ["secret"]
    clock.pass_by(hours=1)
    [stone] = polling.poll()
    assert (stone.text, stone.sent, stone.deleted) == ("", NOON, NOON + HOUR)


def test_a_post_without_an_id_is_named_by_what_it_says(replay):
    posts = replay(rows("same", "same", step=0 * HOUR) + f"{NINE.isoformat()},other\n", as_recorded="yes").poll()
    assert posts[0].network_id == posts[1].network_id != posts[2].network_id


def test_a_contact_without_an_id_is_known_by_handle_whatever_its_case(replay):
    text = "sent,text,contact_handle\n2025-03-03T09:00:00Z,a,@Ann\n2025-03-03T09:00:00Z,b,ann\n"
    assert {post.contact.network_id for post in replay(text, as_recorded="yes").poll()} == {"ann"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2025-03-03T09:00:00,x,,", "sent does not say its zone"),
        ("yesterday,x,,", "sent is not a time in ISO 8601"),
        (",x,,", "sent is missing"),
        ("0001-01-01T00:00:00+14:00,x,,", "sent falls outside the calendar"),
        ("2025-03-03T09:00:00Z,x,rumour,", "kind is none of public, private and listening"),
        ("2025-03-03T09:00:00Z,x,,sideways", "direction is neither in nor out"),
        ("2025-03-03T09:00:00Z,x,,,too many", "it has more columns than the header"),
        (b"2025-03-03T09:00:00Z,\xff\xfe,,", "it is not UTF-8"),
        ('2025-03-03T09:00:00Z,"never closed,,', None),
        ("2025-03-03T09:00:00Z," + "x" * 140_000 + ",,", "it is not CSV: field larger than field limit (131072)"),
        ("2025-03-03T09:00:00Z," + "x" * 1_100_000 + ",,", "it is longer than 1048576 bytes"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_line_is_kept_with_its_reason_and_the_next_is_read(replay, line, reason):
    raw = line if isinstance(line, bytes) else line.encode()
    text = b"sent,text,kind,direction\n2025-03-03T09:00:00Z,before,,\n" + raw + b"\n2025-03-03T09:00:00Z,after,,\n"
    polling = replay(text, as_recorded="yes")
    found = texts(polling.poll())
    if reason is None:
        assert found[0] == "before" and found[-1] == "after"
        return
    assert found == ["before", "after"]
    assert [odd.reason for odd in polling.unreadable] == [reason]
    assert polling.unreadable[0].raw


@pytest.mark.parametrize(
    ("content", "good", "reasons"),
    [
        ('[{"sent": "2025-03-03T09:00:00Z", "text": "a"}, {"sent": 5}, {"sent": "2025-03-03T09:00:00Z", "text": "b"}]',
         ["a", "b"], ["sent is not a time in ISO 8601"]),
        ('[{"sent": "2025-03-03T09:00:00Z", "text": "a"}, {"sent": "2025', ["a"], ["it is not JSON"]),
        ('[{"sent": "2025-03-03T09:00:00Z", "text": "}]\\"{["}, ["list"]]', ['}]"{['], ["it is not an object"]),
        ('[{"sent": "2025-03-03T09:00:00Z", "text": {"a": 1}}]', [], ["text is not a text"]),
        ("[]", [], []),
    ],
)  # fmt: skip
def test_bad_objects_of_an_array_cost_only_themselves(replay, content, good, reasons):
    polling = replay(content, "posts.json", as_recorded="yes")
    assert texts(polling.poll()) == good
    assert [odd.reason for odd in polling.unreadable] == reasons


def test_bad_lines_of_jsonl_cost_only_themselves(replay):
    good = json.dumps({"sent": "2025-03-03T09:00:00Z", "text": "good", "automatic": None})
    bad = ["{", "[1]", "null", '{"sent": "2025-03-03T09:00:00Z", "automatic": "perhaps"}', '{"media": 5}', "[" * 90_000]
    polling = replay("\n".join([good, *bad, good]), "posts.jsonl", as_recorded="yes")
    assert texts(polling.poll()) == ["good", "good"]
    assert len(polling.unreadable) == len(bad)


def test_cells_may_hold_line_ends_quotes_and_commas(replay):
    [post] = replay('sent,text\r\n2025-03-03T09:00:00Z,"one, ""two""\r\nthree"\r\n', as_recorded="yes").poll()
    assert post.text == 'one, "two"\r\nthree'


@pytest.mark.parametrize("content", ["", "sent,text\n", "\n\n"])
def test_an_empty_file_gives_nothing(replay, content):
    assert replay(content).poll() == []


def test_text_is_made_fit_to_be_stored(replay):
    line = json.dumps({"sent": "2025-03-03T09:00:00Z", "text": "a\0b\ud800c" + "x" * 40_100})
    [post] = replay(line, "posts.jsonl", as_recorded="yes").poll()
    assert post.text.startswith("ab\ufffdcx")
    assert post.text.endswith("[cut here: 104 further characters were not kept]")
    assert post.text.encode()


def test_a_file_that_changed_is_read_from_its_beginning(replay):
    polling = replay(rows("one", "two"), as_recorded="yes")
    polling.poll()
    again = replay(rows("one", "two", "three"), as_recorded="yes")
    again.cursor = polling.cursor
    assert texts(again.poll()) == ["one", "two", "three"]


def test_a_file_that_is_gone_may_come_back(replay, tmp_path):
    polling = replay(rows("one"))
    (tmp_path / "posts.csv").unlink()
    with pytest.raises(Unreachable, match="'posts.csv' cannot be read") as raised:
        polling.poll()
    assert str(tmp_path) not in str(raised.value)
    with pytest.raises(Unreachable):
        polling.connector.whoami()


def test_a_reply_is_accepted_and_changes_nothing(replay, clock):
    polling = replay(rows("one"))
    receipt = polling.connector.send(Reply("a-1", "thanks", Kind.PUBLIC))
    assert receipt == polling.connector.send(Reply("a-1", "thanks", Kind.PUBLIC))
    assert (receipt.network_id, receipt.sent) == ("replay-a-1", NOON)
    assert texts(polling.poll()) == ["one"]
    assert polling.connector.engagement([receipt.network_id]) == {}
    assert polling.connector.whoami() == "northshire"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("speed", "0"), ("speed", "fast"), ("speed", "nan"), ("start", "2026-11-23T10:00"), ("start", "soon"),
        ("as_recorded", "perhaps"), ("page_size", "1.5"), ("page_size", "0"), ("format", "xml"), ("colour", "red"),
        ("path", ""),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_by_name(replay, name, value):
    with pytest.raises(WrongSetting) as wrong:
        replay(rows("one"), **{name: value})
    assert wrong.value.name == name


def test_a_poll_reads_only_the_lines_that_it_gives(replay, monkeypatch):
    polling = replay(rows(*[f"n{at}" for at in range(5_000)]), as_recorded="yes", page_size=10)
    first = polling.connector.fetch(None)
    from data.channels import recording

    read = []
    real = recording.Recording.lines_of
    monkeypatch.setattr(recording.Recording, "lines_of", lambda self, *row: read.append(1) or real(self, *row))
    assert len(polling.connector.fetch(first.cursor).posts) == 10
    assert len(read) == 10


def test_blanks_around_a_text_are_part_of_it(replay):
    assert texts(replay(rows("  indented ", " "), as_recorded="yes").poll()) == ["  indented ", " "]
