"""What our posts gained, against sums over the readings one by one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from data.queries.reports.engagement import engagement_report
from models.conversation import Message
from models.engagement import FIGURES, PostFigures
from models.reporting import ReportFilters
from tests.histories import DAY, HOUR, History, message
from tests.rows import open_database, scope_of

NOW = datetime(2026, 11, 2, 14, 32, tzinfo=UTC)  # the clocks went back eight days before


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


def fill(history):
    """Sixty posts over 60 days, each read a few times; figures rise, sometimes fall, and some are not given."""
    random, posts = history.random, {}
    with history.at_once():
        accounts = [history.account("x"), history.account("facebook")]
        for number, sent in enumerate(history.instants(60, NOW - 60 * DAY, NOW - HOUR)):
            account = random.choice(accounts)
            text = f"Stay safe #Tag{number % 3}" if number % 2 else "A reply"
            facts = message(9_000 + number, account, sent) | {"direction": "out", "text": text}
            key = history.add(Message, **facts)
            posts[key] = (account, sent, text, [])
            counts = dict.fromkeys(FIGURES, 0)
            for taken in sorted(history.instants(4, sent, min(sent + 30 * DAY, NOW))):
                counts = {name: count + random.randrange(-2, 40) for name, count in counts.items()}
                given = {name: (None if random.random() < 0.2 else count) for name, count in counts.items()}
                posts[key][3].append((taken, given))
                row = {"workspace_id": history.id, "account_id": account, "message_id": key, "taken": taken, **given}
                history.write(lambda c, home, row=row: c.db.execute(insert(PostFigures).values(row)))
    return accounts, posts


def differences(post, begins, ends):
    """Each figure of a post as the readings add to it, one figure at a time."""
    _, sent, _, readings = post
    for name in FIGURES:
        last = 0 if sent >= begins else None
        for taken, given in readings:
            if taken < ends and given[name] is not None:
                if taken >= begins and last is not None:
                    yield taken, name, given[name] - last
                last = given[name]


@pytest.mark.parametrize("narrowed", [False, True])
def test_sums_are_those_of_the_differences_one_by_one(database, narrowed):
    history, other = History(database, "north", seed=3), History(database, "south", seed=4)
    accounts, posts = fill(history)
    fill(other)
    chosen = accounts[:1] if narrowed else accounts
    today = NOW.date()
    filters = ReportFilters("28d", today - 27 * DAY, today, account=chosen[0] if narrowed else None)
    found = engagement_report(database, scope_of(history.id, 1, "Analyst"), filters, NOW)
    zone = history.ways.zone
    begins = datetime.combine(filters.first, datetime.min.time(), zone)
    rows = [
        (key, taken, name, count)
        for key, post in posts.items()
        if post[0] in chosen
        for taken, name, count in differences(post, begins, NOW)
    ]
    for name in FIGURES:
        assert found.total.gained[name] == sum(count for _, _, one, count in rows if one == name)
    engaged = {"likes", "replies", "reposts", "quotes", "bookmarks"}
    assert found.total.engagements == sum(count for _, _, name, count in rows if name in engaged)
    for bucket, (_, engagements) in zip(found.buckets, found.by_bucket, strict=True):
        those = [n for _, taken, name, n in rows if name in engaged and taken.astimezone(zone).date() == bucket.first]
        assert engagements == (sum(those) if those else None)
    read = {key for key, post in posts.items() if post[0] in chosen and any(begins <= at < NOW for at, _ in post[3])}
    assert found.total.posts == len(read)
    assert sum(fared.posts for _, fared in found.by_account) == len(read)
    assert {key for key, _ in found.by_tag} <= {"tag0", "tag1", "tag2"}
    assert found.sent == sum(post[0] in chosen and post[1] >= begins for post in posts.values())


def test_a_workspace_without_readings_has_no_figures(database):
    history = History(database)
    filters = ReportFilters("7d", NOW.date() - timedelta(days=6), NOW.date())
    found = engagement_report(database, scope_of(history.id, 1, "Analyst"), filters, NOW)
    assert (found.sent, found.total.posts, found.total.engagements, found.total.rate) == (0, 0, None, None)
    assert found.before is None


def test_the_period_before_stands_only_where_it_was_read_all_through(database):
    history = History(database, seed=3)
    fill(history)
    scope, today = scope_of(history.id, 1, "Analyst"), NOW.date()
    week = ReportFilters("7d", today - 6 * DAY, today)
    assert engagement_report(database, scope, week, NOW).before is not None
    longer = ReportFilters("custom", today - 50 * DAY, today)
    assert engagement_report(database, scope, longer, NOW).before is None
