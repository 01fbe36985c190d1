"""What each network allows a reply to be, and until when."""

from datetime import UTC, datetime, timedelta

from models.networks import Closing, closing, kinds_of, needs_their_message
from models.posts import Kind

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_every_network_says_which_replies_it_takes():
    assert kinds_of("x") == kinds_of("bluesky") == (Kind.PUBLIC, Kind.PRIVATE)
    assert kinds_of("carrier pigeon") == ()


def test_a_private_reply_on_facebook_runs_out_after_a_day_and_ends_after_a_week():
    until = closing("facebook", Kind.PRIVATE, NOON)
    assert until == Closing(NOON + timedelta(hours=24), NOON + timedelta(days=7))
    assert not until.closed(NOON + timedelta(days=7, microseconds=-1))
    assert until.closed(NOON + timedelta(days=7))


def test_where_nothing_runs_out_nothing_is_said():
    assert closing("x", Kind.PRIVATE, NOON) is None
    assert closing("facebook", Kind.PUBLIC, NOON) is None
    assert closing("facebook", Kind.PRIVATE, None) is None


def test_a_public_reply_and_one_in_a_window_answer_something():
    assert needs_their_message("x", Kind.PUBLIC)
    assert needs_their_message("facebook", Kind.PRIVATE)
    assert not needs_their_message("x", Kind.PRIVATE)
