"""The boards `hours` and `response`, day by day against METRICS.md over every row."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data.queries.boards import hours_board, response_board
from data.queries.wallboard import wallboard
from models.problems import NotFound
from tests.histories import DAY, HOUR, INSTANT, History, Oracle, nights, office, product_limit
from tests.rows import open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
AUTUMN = datetime(2026, 11, 1, 23, 40, tzinfo=UTC)
"""A week after the clocks went back: one of the 28 days has 25 hours."""
SPRING = datetime(2026, 4, 5, 22, 40, tzinfo=UTC)
"""A week after they went forward; the local day is nearly over."""

COURSES = [
    pytest.param((1, NOW, "Europe/London", office()), id="office hours"),
    pytest.param((2, AUTUMN, "Europe/London", nights()), id="a day of 25 hours"),
    pytest.param((3, SPRING, "Europe/London", office()), id="a day of 23 hours"),
    pytest.param((4, NOW, "Asia/Kathmandu", nights("Asia/Kathmandu")), id="a zone of quarter hours"),
    pytest.param(
        (5, NOW, "Europe/London", office(begins=datetime(2026, 11, 10, 12, 17, tzinfo=UTC))), id="a new calendar"
    ),
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
    first = History(module_database, f"north-{seed}", seed, zone, calendar)
    for history in (first, History(module_database, f"south-{seed}", seed + 50)):
        fill(history, now)
    return first, Oracle(module_database, first.id, now), now


def fill(history, now):
    with history.at_once():
        accounts = [history.account(channel) for channel in ("x", "facebook")]
        begins = now - 31 * DAY
        busy = history.instants(90, now - 3 * DAY, now)
        midnights = [
            local_midnight(history, now, number) + step for number in (0, 1, 27) for step in (-INSTANT, INSTANT * 0)
        ]
        history.turns(accounts, [*midnights, *busy, *history.instants(120, begins, now)], now)
        history.messages(accounts, [*midnights, *history.instants(500, begins, now)])


def local_midnight(history, now, number):
    today = now.astimezone(history.ways.zone).date() - timedelta(days=number)
    return datetime(today.year, today.month, today.day, tzinfo=history.ways.zone).astimezone(UTC)


def bounds(oracle, day):
    """The instants that lie on a local day: from its first to before the next one's."""
    begins = datetime(day.year, day.month, day.day, tzinfo=oracle.zone)
    ends = begins + timedelta(days=1)
    return begins.astimezone(UTC), datetime(ends.year, ends.month, ends.day, tzinfo=oracle.zone).astimezone(UTC)


def test_the_hours_board_shows_each_day_as_its_messages_say(course):
    history, oracle, now = course
    board = hours_board(history.database, history.id, now)
    today = now.astimezone(oracle.zone).date()
    assert [one.day for one in board.days] == [today - timedelta(days=number) for number in range(27, -1, -1)]
    for one in board.days:
        begins, ends = bounds(oracle, one.day)
        n, share, ratio = oracle.out_of_hours(begins, min(ends, now + INSTANT))
        assert (one.n, one.share, one.open) == (n, share, one.day == today), one.day
        assert one.rate_ratio == (None if ratio is None else pytest.approx(ratio, rel=1e-4)), one.day


def test_the_response_board_shows_each_day_as_its_turns_say(course):
    history, oracle, now = course
    board = response_board(history.database, history.id, now)
    today = now.astimezone(oracle.zone).date()
    assert [one.day for one in board.days] == [today - timedelta(days=number) for number in range(27, -1, -1)]
    for one in board.days:
        begins, ends = bounds(oracle, one.day)
        turns = oracle.started_within(begins, min(ends - INSTANT, now))
        answered, waiting = oracle.waits(turns)
        assert (one.n, one.unanswered) == (len(answered) + len(waiting), len(waiting)), one.day
        assert (one.median and (one.median.length, one.median.reached)) == product_limit(answered, waiting, 0.5)
        assert (one.p90 and (one.p90.length, one.p90.reached)) == product_limit(answered, waiting, 0.9)
        assert one.points == (tuple(sorted((*answered, *waiting))) if one.n < 20 else ())
        may_change = any(t.position == "first" and t.replied is None and t.ended is None for t in turns)
        assert one.open == (one.day == today or may_change)


def test_busy_days_have_percentiles_and_others_points(course):
    history, _, now = course
    days = response_board(history.database, history.id, now).days
    assert {one.median is None for one in days} == {True, False}


def test_totals_are_the_wallboards_own_figures(course):
    history, _, now = course
    main = wallboard(history.database, history.id, now)
    assert hours_board(history.database, history.id, now).total == main.out_of_hours
    assert response_board(history.database, history.id, now).total == main.first_response


def test_the_days_sum_up_to_their_messages(course):
    """On days of 23 and 25 hours too: each message and each turn is on one day."""
    history, oracle, now = course
    first = bounds(oracle, now.astimezone(oracle.zone).date() - timedelta(days=27))[0]
    judged = [one for one in oracle.inbound if first <= one.sent <= now]
    if history.calendar is None or history.calendar.begins is None:
        assert sum(one.n for one in hours_board(history.database, history.id, now).days) == len(judged)
    turns = [one for one in oracle.started_within(first, now) if one.position == "first"]
    assert sum(one.n for one in response_board(history.database, history.id, now).days) == len(turns)


def test_empty_days_are_blank(database):
    history = History(database)
    hours, response = hours_board(database, history.id, NOW), response_board(database, history.id, NOW)
    assert {(one.n, one.share, one.rate_ratio) for one in hours.days} == {(0, None, None)}
    assert {(one.n, one.median, one.p90, one.points) for one in response.days} == {(0, None, None, ())}
    assert [one.open for one in response.days] == [False] * 27 + [True]
    assert hours.days[-1].day == response.days[-1].day == date(2026, 11, 23)
    assert (hours.workspace.slug, hours.calendar_version, hours.as_at, hours.demonstration) == ("north", 1, NOW, False)
    assert (response.workspace.slug, response.calendar_version, response.as_at) == ("north", 1, NOW)
    assert hours.revision == response.revision


def test_a_day_stays_open_while_somebody_still_waits(database):
    history = History(database)
    account = history.account()
    history.turn(history.conversation(account), account, NOW - 5 * DAY)
    history.turn(history.conversation(account), account, NOW - 4 * DAY, replied=NOW - 4 * DAY + HOUR)
    assert [one.open for one in response_board(database, history.id, NOW).days[-6:-3]] == [True, False, False]


@pytest.mark.parametrize("board", [hours_board, response_board])
def test_a_workspace_that_is_not_there_is_not_found(database, board):
    with pytest.raises(NotFound):
        board(database, 7, NOW)
