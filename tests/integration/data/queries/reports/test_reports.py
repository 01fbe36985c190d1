"""Every report against METRICS.md over every row, across clock changes, holidays and a new calendar."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from data.queries.reports.activity import activity_report
from data.queries.reports.ground import today_of
from data.queries.reports.hours import hours_report
from data.queries.reports.response import response_report
from models.base import MICROSECOND
from models.calendars import Calendar
from models.permissions import BUILT_IN_ROLES, Permission, Scope
from models.problems import NotFound, NotPermitted
from models.reporting import ReportFilters, report_filters_from
from tests.histories import DAY, HOUR, INSTANT, History, Oracle, nights, office, product_limit
from tests.rows import open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
COURSES = [
    pytest.param((1, NOW, "Europe/London", office()), id="office hours"),
    pytest.param((2, datetime(2026, 11, 1, 23, 40, tzinfo=UTC), "Europe/London", nights()), id="a day of 25 hours"),
    pytest.param((3, datetime(2026, 4, 5, 22, 40, tzinfo=UTC), "Europe/London", office()), id="a day of 23 hours"),
    pytest.param((4, NOW, "Asia/Kathmandu", nights("Asia/Kathmandu")), id="a zone of quarter hours"),
    pytest.param((6, NOW, "Europe/London", None), id="no calendar"),
]


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=COURSES)
def course(request, module_database):
    seed, now, zone, calendar = request.param
    first = History(module_database, f"report-{seed}", seed, zone, calendar)
    for history in (first, History(module_database, f"other-{seed}", seed + 50)):
        fill(history, now)
    return first, Oracle(module_database, first.id, now), now


def fill(history, now):
    """Two periods of 28 days: messages, and turns whose staffed waits are those of the calendar."""
    with history.at_once():
        accounts = [history.account(channel) for channel in ("x", "facebook", "x")]
        history.messages(accounts, history.instants(700, now - 60 * DAY, now))
        for start in history.instants(220, now - 56 * DAY, now):
            course = history._course(start, now, 0.25)
            if course.get("replied"):
                staffed = Calendar(history.ways.calendar.versions).open_between(start, course["replied"])
                course["staffed"] = staffed // MICROSECOND
            account = history.random.choice(accounts)
            history.turn(history.conversation(account), account, start, **course)


def scope(history, role="Analyst"):
    return Scope(history.id, history.slug, BUILT_IN_ROLES[role], 1, "Lewis")


def filters_for(history, now, **fields):
    return report_filters_from({"period": "28d", **fields}, now.astimezone(history.ways.zone).date())


def bounds(oracle, first, last):
    begins = datetime(first.year, first.month, first.day, tzinfo=oracle.zone)
    after = last + timedelta(days=1)
    return begins.astimezone(UTC), datetime(after.year, after.month, after.day, tzinfo=oracle.zone).astimezone(UTC)


def sent_within(oracle, first, last, now):
    begins, ends = bounds(oracle, first, last)
    return [one for one in oracle.inbound if begins <= one.sent < ends and one.sent <= now]


def test_activity_counts_every_message_once(course):
    history, oracle, now = course
    filters = filters_for(history, now)
    report = activity_report(history.database, scope(history), filters, now)
    found = sent_within(oracle, filters.first, filters.last, now)
    assert report.total == len(found) == sum(map(sum, report.counts))
    assert report.before == len(sent_within(oracle, *filters.before, now))
    channel = Counter(oracle.accounts[one.account_id].channel for one in found)
    assert {part.key: part.count for part in report.by_channel if part.count} == channel
    assert {int(p.key): p.count for p in report.by_account if p.count} == Counter(one.account_id for one in found)
    assert {p.key: p.count for p in report.by_kind if p.count} == Counter(one.kind for one in found)
    for bucket, row in zip(report.buckets, report.counts, strict=True):
        there = sent_within(oracle, bucket.first, bucket.last, now)
        assert dict(zip(report.channels, row, strict=True)) == {
            name: sum(1 for one in there if oracle.accounts[one.account_id].channel == name) for name in report.channels
        }


def test_spam_stands_apart(course):
    history, oracle, now = course
    filters = filters_for(history, now)
    report = activity_report(history.database, scope(history), filters, now)
    begins, ends = bounds(oracle, filters.first, filters.last)
    assert report.spam == sum(1 for one in oracle.messages if one.spam and begins <= one.sent < ends)


def test_one_account_and_one_channel_are_parts_of_the_whole(course):
    history, _, now = course
    whole = activity_report(history.database, scope(history), filters_for(history, now), now)
    for field, parts in (("account", whole.by_account), ("channel", whole.by_channel)):
        each = [
            activity_report(history.database, scope(history), filters_for(history, now, **{field: part.key}), now)
            for part in parts
        ]
        assert [one.total for one in each] == [part.count for part in parts]


def test_the_week_is_messages_by_hours_that_went_by(course):
    history, oracle, now = course
    filters = filters_for(history, now)
    week = activity_report(history.database, scope(history), filters, now).week
    begins, ends = bounds(oracle, filters.first, filters.last)
    counts, totals, occurred = oracle.hour_counts(), Counter(), Counter()
    at = datetime(begins.year, begins.month, begins.day, begins.hour, tzinfo=UTC)
    at += HOUR if at < begins else HOUR * 0
    while at + HOUR <= min(ends, now):
        place = at.astimezone(oracle.zone)
        occurred[(place.weekday(), place.hour)] += 1
        totals[(place.weekday(), place.hour)] += counts[at]
        at += HOUR
    for day in range(7):
        for hour in range(24):
            n = occurred[(day, hour)]
            assert week[day][hour] == (pytest.approx(totals[(day, hour)] / n) if n else None)


def test_out_of_hours_shares_are_those_of_the_rows(course):
    history, oracle, now = course
    filters = filters_for(history, now)
    report = hours_report(history.database, scope(history), filters, now)
    for one in report.by_bucket:
        begins, ends = bounds(oracle, one.bucket.first, one.bucket.last)
        n, share, ratio = oracle.out_of_hours(begins, min(ends, now + INSTANT))
        assert (one.n, one.share) == (n, share), one.bucket
        assert one.rate_ratio == (None if ratio is None else pytest.approx(ratio, rel=1e-4)), one.bucket
    begins, ends = bounds(oracle, filters.first, filters.last)
    n, share, ratio = oracle.out_of_hours(begins, min(ends, now + INSTANT))
    assert (report.n, report.share) == (n, share)
    assert report.rate_ratio == (None if ratio is None else pytest.approx(ratio, rel=1e-4))


def test_open_hours_are_those_of_the_calendar(course):
    history, oracle, now = course
    filters = filters_for(history, now)
    report = hours_report(history.database, scope(history), filters, now)
    if history.calendar is None:
        assert {value for row in report.open_share for value in row} == {None}
        return
    seconds, occurred = Counter(), Counter()
    begins, ends = bounds(oracle, filters.first, filters.last)
    at = datetime(begins.year, begins.month, begins.day, begins.hour, tzinfo=UTC)
    at += HOUR if at < begins else HOUR * 0
    while at + HOUR <= min(ends, now):
        place = at.astimezone(oracle.zone)
        occurred[(place.weekday(), place.hour)] += 1
        seconds[(place.weekday(), place.hour)] += oracle.ways.calendar.open_between(at, at + HOUR) / HOUR
        at += HOUR
    for day in range(7):
        for hour in range(24):
            n = occurred[(day, hour)]
            wanted = pytest.approx(seconds[(day, hour)] / n) if n else None
            assert report.open_share[day][hour] == wanted


def waits_of(turns, now, clock, calendar):
    def length(turn):
        if clock == "public":
            return (turn.replied or now) - turn.started
        if turn.replied is None:
            return calendar.open_between(turn.started, max(now, turn.started))
        return (turn.staffed or 0) * MICROSECOND

    answered = [length(turn) for turn in turns if turn.replied is not None]
    return answered, [length(turn) for turn in turns if turn.replied is None]


def test_response_times_are_those_of_the_turns(course):
    history, oracle, now = course
    filters = filters_for(history, now)
    report = response_report(history.database, scope(history), filters, now)
    begins, ends = bounds(oracle, filters.first, filters.last)
    started = oracle.started_within(begins, min(ends - INSTANT, now))
    for group in report.groups:
        turns = [
            turn
            for turn in started
            if turn.position == group.position and group.grade in (None, oracle.ways.grade(oracle.rank[turn.grade_id]))
        ]
        n, missed, share = oracle.service(turns)
        assert (group.service.judged, group.service.share) == (n, share)
        for clock, waits in (("public", group.public), ("staffed", group.staffed)):
            answered, waiting = waits_of(turns, now, clock, oracle.ways.calendar)
            assert (waits.n, waits.unanswered) == (len(turns), len(waiting))
            assert missed <= waits.unanswered
            for q, found in ((0.5, waits.median), (0.9, waits.p90), (0.95, waits.p95)):
                assert (found and (found.length, found.reached)) == product_limit(answered, waiting, q)
            few = len(turns) < 20
            assert (waits.shortest and waits.shortest.length) == (min(answered) if few and answered else None)
            longest = max((*answered, *waiting), default=None) if few else None
            assert (waits.longest and waits.longest.length) == longest


def test_the_buckets_hold_every_first_turn_once(course):
    history, oracle, now = course
    report = response_report(history.database, scope(history), filters_for(history, now), now)
    assert sum(one.waits.n for one in report.by_bucket) == report.groups[0].public.n
    for one in report.by_bucket:
        begins, ends = bounds(oracle, one.bucket.first, one.bucket.last)
        first = [t for t in oracle.started_within(begins, min(ends - INSTANT, now)) if t.position == "first"]
        assert one.waits.n == len(first)
        waiting = any(turn.replied is None and turn.ended is None for turn in first)
        assert one.waits_open == (one.bucket.open or waiting)


def test_the_parts_sum_to_all_the_time_that_answered_turns_waited(course):
    history, _, now = course
    report = response_report(history.database, scope(history), filters_for(history, now), now)
    assert [part.key for part in report.parts][0] == "ingestion"
    shares = [part.share for part in report.parts if part.share is not None]
    assert not shares or sum(shares) == pytest.approx(1)


def test_dropping_the_slowest_replies_does_not_lower_p90(database):
    """The unanswered count: whoever ignores hard messages scores no better."""
    kept, dropped = History(database, "kept"), History(database, "dropped")
    for history in (kept, dropped):
        account = history.account()
        with history.at_once():
            for number in range(100):
                start = NOW - 5 * DAY + number * timedelta(minutes=1)
                replied = start + timedelta(minutes=number + 1)
                late = history is dropped and number >= 80
                history.turn(history.conversation(account), account, start, replied=None if late else replied)
    p90 = [
        response_report(database, scope(history), filters_for(history, NOW), NOW).groups[0].public.p90
        for history in (kept, dropped)
    ]
    assert (p90[0].length, p90[0].reached) == (timedelta(minutes=90), True)
    assert p90[1].length > p90[0].length and not p90[1].reached


def test_before_collecting_began_nothing_is_known(database):
    history = History(database)
    account = history.account()
    history.messages([account], [NOW - 3 * DAY], kinds=("public",))
    report = activity_report(database, scope(history), filters_for(history, NOW), NOW)
    assert [one.unknown for one in report.buckets] == [True] * 24 + [False] * 4
    assert (report.before, report.head.collected_since) == (None, date(2026, 11, 20))
    assert hours_report(database, scope(history), filters_for(history, NOW), NOW).before is None


def test_a_workspace_without_messages_has_blanks_and_not_noughts(database):
    history = History(database)
    hours = hours_report(database, scope(history), filters_for(history, NOW), NOW)
    response = response_report(database, scope(history), filters_for(history, NOW), NOW)
    assert (hours.share, hours.rate_ratio, hours.a_week) == (None, None, None)
    assert (response.groups[0].public.median, response.elsewhere, response.groups[0].service.share) == (None,) * 3
    assert {part.share for part in response.parts} == {None}


def test_an_account_of_another_workspace_is_nobodys(database):
    north, south = History(database, "north"), History(database, "south", 2)
    account = south.account()
    south.messages([account], [NOW - HOUR], kinds=("public",))
    for report in (activity_report, hours_report, response_report):
        found = report(database, scope(north), filters_for(north, NOW, account=str(account)), NOW)
        assert found.head.accounts == ()
        assert getattr(found, "total", getattr(found, "n", 0)) == 0


def test_a_long_period_is_drawn_by_month(database):
    history = History(database)
    filters = ReportFilters("year", date(2025, 11, 24), date(2026, 11, 23))
    report = activity_report(database, scope(history), filters, NOW)
    assert len(report.buckets) == 13
    assert (report.buckets[-1].first, report.buckets[-1].open) == (date(2026, 11, 1), True)


def test_reports_need_their_permission(database):
    history = History(database)
    for role in (role for role, held in BUILT_IN_ROLES.items() if Permission.REPORT not in held):
        with pytest.raises(NotPermitted):
            activity_report(database, scope(history, role), filters_for(history, NOW), NOW)


def test_today_is_the_workspaces(database):
    history = History(database)
    assert today_of(database, scope(history), datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    with pytest.raises(NotFound):
        today_of(database, Scope(99, "gone", frozenset()), NOW)
