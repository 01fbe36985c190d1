"""What readings of our posts' figures mean."""

from datetime import UTC, datetime, timedelta

import pytest

from models.engagement import due, gains, tags

SENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "since", "again"),
    [
        (MINUTE, None, True),
        (HOUR, 14 * MINUTE, False),
        (HOUR, 15 * MINUTE, True),
        (3 * HOUR, 59 * MINUTE, False),
        (3 * HOUR, HOUR, True),
        (2 * DAY, 5 * HOUR, False),
        (2 * DAY, 6 * HOUR, True),
        (29 * DAY, 23 * HOUR, False),
        (29 * DAY, DAY, True),
        (30 * DAY, None, False),
    ],
)
def test_a_young_post_is_read_often_and_an_old_one_rarely(age, since, again):
    now = SENT + age
    assert due(SENT, None if since is None else now - since, now) is again


def at(days, **figures):
    return SENT + days * DAY, figures


def test_a_post_of_the_period_counts_from_nothing_and_may_fall():
    found = gains(SENT, SENT, [at(0.1, likes=5), at(1, likes=9, impressions=400), at(2, likes=7, impressions=450)])
    assert [gained for _, gained in found] == [
        {"likes": 5},
        {"likes": 4, "impressions": 400},
        {"likes": -2, "impressions": 50},
    ]


def test_an_older_post_counts_from_the_last_reading_before_the_period():
    found = gains(SENT, SENT + DAY, [at(0.5, likes=100), at(1.5, likes=103)])
    assert found == [(SENT + 1.5 * DAY, {"likes": 3})]


def test_an_older_post_never_read_before_counts_from_its_first_reading():
    found = gains(SENT, SENT + DAY, [at(1.5, likes=100), at(2, likes=101)])
    assert [gained for _, gained in found] == [{}, {"likes": 1}]


def test_what_is_not_given_for_a_while_is_not_a_fall():
    found = gains(SENT, SENT, [at(1, likes=5), at(2, likes=None), at(3, likes=6)])
    assert [gained for _, gained in found] == [{"likes": 5}, {}, {"likes": 1}]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lock your doors #OpSceptre #opsceptre", ("opsceptre",)),
        ("Two: #BeSafe, #fire-safety", ("besafe", "fire")),
        ("Number #1 and a&#39; and https://a.example/#part", ()),
        ("#Diogelwch tân", ("diogelwch",)),
    ],
)
def test_campaign_tags_are_words_after_a_hash(text, found):
    assert tags(text) == found
