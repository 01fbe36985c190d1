import io
import json
import logging
from datetime import UTC, datetime

import pytest
import structlog

from data.logs import LibraryHandler, logs_of_a_command, masked, set_up_logs


@pytest.fixture
def stream():
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    target = io.StringIO()
    set_up_logs("info", target)
    yield target
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_object_with_its_facts(stream):
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    structlog.get_logger().info("poll", account=3, outcome="fetched", posts={"stored": 2}, next_attempt=at)
    (line,) = lines(stream)
    assert line.pop("at").startswith("20")
    assert line == {
        "level": "info",
        "event": "poll",
        "account": 3,
        "outcome": "fetched",
        "posts": {"stored": 2},
        "next_attempt": at.isoformat(),
    }


def test_what_is_no_key_fact_is_left_out(stream):
    structlog.get_logger().info("poll", text="help me", contact="@ann", password="p", account=None, where=["a.py:1 f"])
    (line,) = lines(stream)
    assert set(line) == {"at", "level", "event", "account", "where"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ann:secret@host/db", "postgresql://***@host/db"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("from ann@example.org", "from ***"),
        ("token " + "a1" * 20, "token ***"),
        ("/kiosk/x took 3 ms", "/kiosk/x took 3 ms"),
        ("account-12 is due", "account-12 is due"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text, shown):
    assert masked(text) == shown


def test_long_words_are_cut():
    assert len(masked("word " * 1_000)) == 300


def test_an_error_is_its_kind_and_its_place(stream):
    try:
        raise ValueError("what somebody wrote to us")
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    (line,) = lines(stream)
    assert line["problem"] == "ValueError"
    assert line["where"][-1].startswith("test_logs.py:")
    assert "wrote" not in stream.getvalue()


def test_other_libraries_lose_what_they_put_into_their_messages(stream):
    try:
        raise KeyError("what somebody wrote to us")
    except KeyError:
        logging.getLogger("their.library").exception("Request for %s failed", "@ann")
    (line,) = lines(stream)
    assert (line["event"], line["library"], line["problem"]) == ("Request for %s failed", "their.library", "KeyError")
    assert "ann" not in stream.getvalue() and "wrote" not in stream.getvalue()


def test_below_the_level_nothing_is_said(stream):
    structlog.get_logger().debug("nothing of note")
    logging.getLogger("their.library").info("nor this")
    assert lines(stream) == []


def test_a_command_leaves_logs_as_they_were():
    before = structlog.get_config()
    with logs_of_a_command():
        assert any(isinstance(one, LibraryHandler) for one in logging.getLogger().handlers)
        assert structlog.get_config() != before
    assert structlog.get_config() == before
    assert not any(isinstance(one, LibraryHandler) for one in logging.getLogger().handlers)


def test_a_log_that_cannot_be_written_stops_nobody(stream):
    stream.close()
    logging.getLogger("their.library").warning("still here")
