"""When a watch is good, which queue is one, and what lies between: plain arithmetic."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.snapshots import QueueFilters
from models.watch import LIFE, AccountWatch, Gap, WatchWord, gaps, good_until, in_filter, months_before, unwatched

NOW = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
ACCOUNTS = [(1, "x"), (2, "facebook"), (3, "x")]
VALID = timedelta(minutes=5)


def minutes(number):
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("filters", "watched"),
    [
        ({}, [1, 2, 3]),
        ({"view": "nobody"}, [1, 2, 3]),
        ({"account": 2}, [2]),
        ({"channel": "x"}, [1, 3]),
        ({"channel": "x", "account": 2}, []),
        ({"view": "mine"}, []),
        ({"grade": "emergency"}, []),
        ({"words": "fire"}, []),
        ({"page": 2}, []),
        ({"holder": "me"}, []),
    ],
)
def test_a_queue_watches_what_it_would_show_if_it_came_now(filters, watched):
    assert in_filter(QueueFilters(**filters), ACCOUNTS) == watched


def test_an_open_tab_is_no_watch():
    assert good_until(NOW, timedelta(0), VALID) == (NOW, NOW + LIFE)
    assert good_until(NOW, minutes(4.5), VALID) == (NOW - minutes(4.5), NOW + minutes(0.5))
    assert good_until(NOW, minutes(30), VALID)[1] == NOW, "it is over already, and never before now"
    assert good_until(NOW, minutes(-9), VALID)[0] == NOW
    assert good_until(NOW, timedelta(days=99), VALID)[0] == NOW - timedelta(days=1)


def test_a_watch_ages_before_it_ends():
    row = AccountWatch(workspace_id=1, account_id=1, until=NOW, known=NOW)
    fresh = minutes(2)
    assert row.state(NOW, fresh) is WatchWord.UNWATCHED
    row.begun, row.acted, row.until = NOW, NOW, NOW + minutes(5)
    assert [row.state(NOW + minutes(n), fresh) for n in (1, 2, 5)] == ["watched", "ageing", "unwatched"]


def test_what_lies_between_two_watches_is_unwatched():
    ends = NOW + minutes(60)
    assert gaps([], NOW, ends) == [Gap(NOW, ends)]
    watches = [(NOW - minutes(5), NOW + minutes(10)), (NOW + minutes(20), NOW + minutes(30)), (ends, ends + minutes(9))]
    found = gaps(watches, NOW, ends)
    assert found == [Gap(NOW + minutes(10), NOW + minutes(20)), Gap(NOW + minutes(30), ends)]
    assert unwatched(found) == minutes(40)
    assert gaps([(NOW, ends)], NOW, ends) == []
    assert gaps([(ends + minutes(1), ends + minutes(2))], NOW, ends) == [Gap(NOW, ends)]


def test_earlier_months_are_those_since_the_first_that_is_known():
    first, today = date(2025, 12, 31), date(2026, 2, 1)
    assert months_before(first, today) == ("2026-01", "2025-12")
    assert months_before(today, today) == ()
    assert len(months_before(date(2000, 1, 1), today)) == 24
