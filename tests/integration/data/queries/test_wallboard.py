"""The wallboard's figures, each against METRICS.md over every row, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from data.heartbeats import POLLER
from data.queries.wallboard import wallboard
from models.calendars import CalendarVersion
from models.problems import NotFound
from models.rollups import Hourly, HourlyTotal
from models.snapshots import AccountState, Period
from models.workspace import Heartbeat, Outcome
from tests.histories import (
    DAY,
    HOUR,
    INSTANT,
    History,
    Oracle,
    nights,
    office,
    product_limit,
    whole_hour,
)
from tests.rows import mark_demonstration, open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AUTUMN = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
"""The second 01:30 of the night in which clocks go back."""
SPRING = datetime(2026, 3, 29, 1, 10, tzinfo=UTC)
"""Ten minutes after clocks went forward."""


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return History(database)


def board_of(history, now=NOW):
    return wallboard(history.database, history.id, now)


COURSES = [
    pytest.param((1, NOW, "Europe/London", office(), 70, 300), id="an ordinary Monday"),
    pytest.param((2, NOW, "Europe/London", nights(), 25, 200), id="open by night"),
    pytest.param((3, NOW, "Europe/London", None, 40, 200), id="no calendar"),
    pytest.param(
        (4, NOW, "Europe/London", office(begins=whole_hour(NOW) - 3 * DAY - 17 * MINUTE), 30, 200),
        id="a calendar since Friday",
    ),
    pytest.param((5, AUTUMN, "Europe/London", nights(), 60, 400), id="the clocks go back"),
    pytest.param((6, AUTUMN + 7 * DAY, "Europe/London", office(), 30, 400), id="a week after they went back"),
    pytest.param((7, SPRING, "Europe/London", nights(), 30, 400), id="the clocks go forward"),
    pytest.param((8, SPRING + 7 * DAY, "Europe/London", office(), 30, 400), id="a week after they went forward"),
    pytest.param((9, NOW, "Asia/Kathmandu", office("Asia/Kathmandu"), 30, 300), id="a zone of quarter hours"),
    pytest.param((10, NOW, "Europe/London", office(), 12, 60), id="few turns"),
    pytest.param((11, NOW, "Europe/London", office(), 1, 1), id="a single message"),
]


@pytest.fixture(scope="module", params=COURSES)
def course(request, module_database):
    """A workspace with a random history beside another one with its own, and the oracle over the first."""
    database = module_database
    seed, now, zone, calendar, turns, messages = request.param
    first = History(database, f"north-{seed}", seed, zone, calendar)
    for history in (first, History(database, f"south-{seed}", seed + 100)):
        fill(history, now, turns, messages)
    return first, Oracle(database, first.id, now), board_of(first, now)


def fill(history, now, turns, messages):
    with history.at_once():
        accounts = [history.account(channel) for channel in ("x", "x", "facebook", "mastodon")]
        for account in accounts:
            history.poll(account, last_attempt=now, last_success=now, last_new=now)
        weeks = history.random.choice([3, 6, 10]) * 7 * DAY
        edges = [now - DAY, now - DAY - INSTANT, now - DAY + INSTANT, now][: turns // 10]
        history.turns(accounts, [*edges, *history.instants(turns, now - 30 * HOUR, now)], now)
        recent = history.instants(messages // 2, now - 8 * DAY, now)
        hours = [whole_hour(now), whole_hour(now) - DAY, whole_hour(now) - DAY - INSTANT, whole_hour(now) - 7 * DAY]
        history.messages(accounts, [*hours[: messages // 50], *recent, *history.instants(messages, now - weeks, now)])


def test_most_overdue_is_the_unanswered_turn_most_over_its_due_time(course):
    _, oracle, board = course
    most = board.most_overdue
    assert (most and board.as_at - most.due) == oracle.most_overdue()
    if most is None:
        return
    turn = next(one for one in oracle.open_turns() if one.conversation_id == most.conversation_id)
    account = oracle.accounts[turn.account_id]
    assert (most.started, most.due, most.target) == (turn.started, turn.due, timedelta(seconds=turn.target_seconds))
    assert (most.grade.rank, most.channel, most.account) == (
        oracle.rank[turn.grade_id],
        account.channel,
        account.handle,
    )
    assert most.clock == turn.clock


def test_everybody_who_waits_is_counted_by_grade_with_the_oldest(course):
    _, oracle, board = course
    assert [(one.grade.rank, one.count, one.oldest) for one in board.waiting] == oracle.waiting()


def test_first_response_counts_the_unanswered(course):
    _, oracle, board = course
    turns = oracle.started_within(board.as_at - DAY, board.as_at)
    answered, waiting = oracle.waits(turns)
    found = board.first_response
    assert (found.n, found.unanswered) == (len(answered) + len(waiting), len(waiting))
    assert found.elsewhere == sum(1 for turn in turns if turn.elsewhere and turn.position == "first")
    assert (found.median and (found.median.length, found.median.reached)) == product_limit(answered, waiting, 0.5)
    assert (found.p90 and (found.p90.length, found.p90.reached)) == product_limit(answered, waiting, 0.9)
    few = found.n < 20
    assert found.shortest == (min(answered, default=None) if few else None)
    assert found.longest == (max((*answered, *waiting), default=None) if few else None)


def test_within_target_is_the_service_level(course):
    _, oracle, board = course
    turns = oracle.started_within(board.as_at - DAY, board.as_at)
    found = board.within_target
    assert (found.n, found.unanswered, found.share) == oracle.service(turns)
    for one in found.grades:
        n, _, share = oracle.service([turn for turn in turns if oracle.rank[turn.grade_id] == one.grade.rank])
        assert (one.n, one.share) == (n, share)
    assert found.aim == 0.9


def test_out_of_hours_has_its_share_and_its_baseline(course):
    _, oracle, board = course
    begins = whole_hour(board.as_at) - 7 * DAY
    n, share, ratio = oracle.out_of_hours(begins, board.as_at + INSTANT)
    found = board.out_of_hours
    assert (found.begins, found.n, found.share) == (begins, n, share)
    assert found.rate_ratio == (None if ratio is None else pytest.approx(ratio, rel=1e-5))


def test_inbound_bars_count_each_message_once_in_its_hour(course):
    _, oracle, board = course
    hours = [whole_hour(board.as_at) - number * HOUR for number in range(24, -1, -1)]
    assert [bar.begins for bar in board.inbound.hours] == hours
    for bar in board.inbound.hours:
        counts = oracle.by_channel(bar.begins)
        assert bar.counts == tuple(counts[channel] for channel in board.inbound.channels)
    counted = [one for one in oracle.inbound if hours[0] <= one.sent < hours[-1] + HOUR]
    assert board.inbound.total == sum(sum(bar.counts) for bar in board.inbound.hours) == len(counted)


def test_usual_is_the_median_of_the_same_local_hour_of_the_week(course):
    _, oracle, board = course
    usual = [oracle.usual(bar.begins) for bar in board.inbound.hours]
    assert [bar.usual for bar in board.inbound.hours] == usual
    if None in usual:
        assert board.inbound.usual_total is None
    else:
        gone = (board.as_at - whole_hour(board.as_at)) / HOUR
        assert board.inbound.usual_total == pytest.approx(sum(usual[:-1]) + usual[-1] * gone)


def test_bands_are_the_hours_that_are_closed(course):
    history, _, board = course
    calendar, hours = history.ways.calendar, board.inbound.hours
    at, ends = hours[0].begins, hours[-1].begins + HOUR
    while at < ends:
        inside = any(band.begins <= at < band.ends for band in board.inbound.out_of_hours)
        assert inside == (calendar.hours_status(at) == "out"), at
        at += 15 * MINUTE


def test_the_totals_are_the_hourly_volumes_without_spam(course):
    history, oracle, _ = course
    with history.database.read() as db:
        totals = db.execute(select(HourlyTotal).where(HourlyTotal.workspace_id == history.id)).scalars().all()
        cells = db.scalars(select(Hourly).where(Hourly.workspace_id == history.id, Hourly.spam == 0)).all()
    assert sum(one.count for one in totals) == sum(one.count for one in cells) == len(oracle.inbound)
    for one in totals:
        same = [c.count for c in cells if (c.hour, c.account_id, c.hours) == (one.hour, one.account_id, one.hours)]
        assert one.count == sum(same)


def test_a_workspace_without_anything_knows_nothing_and_says_nought_nowhere(north):
    board = board_of(north)
    assert board.most_overdue is None
    assert [(one.count, one.oldest) for one in board.waiting] == [(0, None)] * 3
    first = board.first_response
    assert (first.n, first.median, first.p90, first.shortest, first.longest) == (0, None, None, None, None)
    assert (board.within_target.n, board.within_target.share) == (0, None)
    assert [one.share for one in board.within_target.grades] == [None] * 3
    assert (board.out_of_hours.share, board.out_of_hours.rate_ratio) == (None, None)
    assert {bar.usual for bar in board.inbound.hours} == {None}
    assert (board.inbound.usual_total, board.inbound.channels) == (None, ())
    assert board.inbound.gaps == (Period(whole_hour(NOW) - DAY, NOW),)
    assert (board.accounts.worst, board.accounts.others, board.accounts.others_well) == ((), 0, True)


def test_a_workspace_that_is_not_there_is_not_found(database):
    with pytest.raises(NotFound):
        wallboard(database, 7, NOW)


def test_the_board_says_what_it_is_a_picture_of(north):
    board = board_of(north)
    assert (board.workspace.slug, board.workspace.zone, board.as_at) == ("north", "Europe/London", NOW)
    assert (board.calendar_version, board.demonstration, board.poller_alive) == (1, False, False)
    before = board.revision
    north.account()
    mark_demonstration(north.database)
    with north.database.write() as db:
        db.execute(insert(Heartbeat).values(name=POLLER, holder="one", at=NOW - timedelta(seconds=8)))
    board = board_of(north)
    assert (board.revision, board.demonstration, board.poller_alive) == (before + 1, True, True)
    assert not board_of(north, NOW + 2 * MINUTE).poller_alive


def test_without_a_calendar_no_hour_is_out_of_hours(database):
    history = History(database, calendar=None)
    account = history.account()
    history.messages([account], history.instants(50, NOW - DAY, NOW))
    board = board_of(history)
    assert board.calendar_version is None
    assert board.out_of_hours.n == sum(sum(bar.counts) for bar in board.inbound.hours) > 0
    assert (board.out_of_hours.share, board.inbound.out_of_hours) == (None, ())


def test_a_calendar_that_never_opens_has_a_share_and_no_baseline(database):
    history = History(database, calendar=CalendarVersion(1, None, "Europe/London", ()))
    history.messages([history.account()], history.instants(50, NOW - DAY, NOW))
    assert (board_of(history).out_of_hours.share, board_of(history).out_of_hours.rate_ratio) == (1.0, None)
    assert len(board_of(history).inbound.out_of_hours) == 1


def test_on_the_day_of_25_hours_every_message_is_in_one_bar(database):
    history = History(database, calendar=nights())
    account, now = history.account(), datetime(2026, 10, 25, 23, 59, tzinfo=UTC)
    begins = whole_hour(now) - DAY
    history.messages([account], [begins + number * 10 * MINUTE for number in range(150)], kinds=("public",))
    board = board_of(history, now)
    oracle = Oracle(database, history.id, now)
    assert len(board.inbound.hours) == 25
    assert board.inbound.total == len(oracle.inbound)
    assert len({bar.begins for bar in board.inbound.hours}) == 25


@pytest.mark.parametrize(("weeks", "known"), [(3, False), (4, True), (8, True)])
def test_usual_is_blank_until_four_weeks_were_collected(north, weeks, known):
    north.messages([north.account()], [NOW - weeks * 7 * DAY])
    assert (board_of(north).inbound.hours[-1].usual is not None) == known


def test_usual_moves_when_a_late_post_comes(north):
    account = north.account()
    north.messages([account], [NOW - 57 * DAY])
    assert board_of(north).inbound.hours[-1].usual == 0
    for number in range(1, 6):
        summer = HOUR if number > 4 else timedelta(0)
        hour = whole_hour(NOW) - number * 7 * DAY - summer
        north.messages([account], [hour + n * MINUTE for n in range(20)])
    found = board_of(north).inbound.hours[-1].usual
    assert found == Oracle(north.database, north.id, NOW).usual(whole_hour(NOW)) > 10


def test_listening_counts_as_activity_and_spam_does_not(north):
    account = north.account()
    north.messages([account], [NOW - HOUR] * 30, kinds=("listening",))
    total = board_of(north).inbound.total
    assert 0 < total < 30
    assert total == len(Oracle(north.database, north.id, NOW).inbound)
    assert board_of(north).first_response.n == 0


def one_open(history, rank, due, started):
    account = history.account()
    conversation = history.conversation(account, rank=rank)
    history.turn(conversation, account, started, rank=rank, due=due)
    return conversation


def test_a_standard_turn_longer_over_beats_an_emergency_that_is_less_over(north):
    one_open(north, 1, NOW - MINUTE, NOW - 6 * MINUTE)
    standard = one_open(north, 3, NOW - HOUR, NOW - 5 * HOUR)
    assert board_of(north).most_overdue.conversation_id == standard


def test_with_nothing_over_due_the_nearest_to_it_stands_there(north):
    one_open(north, 3, NOW + 3 * HOUR, NOW - HOUR)
    nearest = one_open(north, 2, NOW + MINUTE, NOW - 29 * MINUTE)
    assert board_of(north).most_overdue.conversation_id == nearest


def test_of_two_due_together_the_more_urgent_stands_there(north):
    one_open(north, 3, NOW, NOW - 4 * HOUR)
    urgent = one_open(north, 1, NOW, NOW - 5 * MINUTE)
    assert board_of(north).most_overdue.conversation_id == urgent


@pytest.mark.parametrize(
    ("word", "n"),
    [("no reply needed", 0), ("spam", 0), ("duplicate", 0), ("answered", 1), ("passed to another service", 1)],
)
def test_what_needed_no_reply_counts_nowhere_and_other_closings_count_as_unanswered(north, word, n):
    account = north.account()
    with north.database.read() as db:
        outcome = db.scalar(select(Outcome.id).where(Outcome.workspace_id == north.id, Outcome.word == word))
    start = NOW - 3 * HOUR
    north.turn(
        north.conversation(account), account, start, due=start + HOUR, ended=start + 2 * HOUR, outcome_id=outcome
    )
    board = board_of(north)
    assert (board.first_response.n, board.first_response.unanswered) == (n, n)
    assert board.first_response.longest == (3 * HOUR if n else None), "censored at now, never at closing"
    assert (board.within_target.n, board.within_target.share) == (n, 0.0 if n else None)
    assert sum(one.count for one in board.waiting) == 0


def test_a_reply_on_the_instant_it_is_due_is_within_target_and_one_later_is_not(north):
    account, start = north.account(), NOW - 2 * HOUR
    for late in (timedelta(0), INSTANT):
        north.turn(north.conversation(account), account, start, due=start + HOUR, replied=start + HOUR + late)
    found = board_of(north).within_target
    assert (found.n, found.share) == (2, 0.5)


def test_an_unanswered_turn_counts_as_missed_only_once_it_is_past_its_due_time(north):
    account = north.account()
    north.turn(north.conversation(account), account, NOW - HOUR, due=NOW)
    assert board_of(north).within_target.n == 0
    assert board_of(north, NOW + INSTANT).within_target.n == 1


def test_leaving_out_the_slowest_replies_does_not_improve_a_percentile(north):
    account = north.account()
    turns = []
    for number in range(1, 41):
        conversation = north.conversation(account)
        start = NOW - 20 * HOUR
        turns.append((conversation, start, start + number * 10 * MINUTE))
    for number, (conversation, start, replied) in enumerate(turns):
        north.turn(conversation, account, start, replied=replied if number < 32 else None)
    found = board_of(north).first_response
    assert (found.n, found.unanswered) == (40, 8)
    assert found.median.length == 200 * MINUTE
    assert not found.p90.reached
    assert found.p90.length == 20 * HOUR


def test_the_strip_shows_the_worst_four_and_says_how_the_rest_are(north):
    well = {"last_attempt": NOW, "last_success": NOW, "last_new": NOW}
    courses = [
        (well, AccountState.LIVE),
        (well | {"last_new": NOW - DAY}, AccountState.QUIET),
        (well | {"failures": 2, "failing_since": NOW - HOUR, "reason": "answered 503"}, AccountState.FAILING),
        (well | {"last_attempt": NOW - HOUR}, AccountState.DEAD),
        (well | {"failures": 1, "refused": True, "failing_since": NOW - MINUTE}, AccountState.AUTH),
    ]
    for values, _ in courses:
        north.poll(north.account(), **values)
    north.account(paused=True)
    north.account(created=NOW)
    found = board_of(north).accounts
    assert [cell.state for cell in found.worst] == [
        AccountState.AUTH,
        AccountState.DEAD,
        AccountState.FAILING,
        AccountState.QUIET,
    ]
    assert (found.others, found.others_well) == (3, True)
    assert found.worst[2].reason == "answered 503"
    north.poll(north.account(), last_attempt=NOW, refused=True)
    north.poll(north.account(), last_attempt=NOW, refused=True)
    assert not board_of(north).accounts.others_well


def test_the_hours_before_the_first_message_are_a_gap(north):
    account = north.account()
    north.poll(account, last_attempt=NOW, last_success=NOW, last_new=NOW)
    north.messages([account], [NOW - 5 * HOUR])
    assert board_of(north).inbound.gaps == (Period(whole_hour(NOW) - DAY, whole_hour(NOW) - 5 * HOUR),)


def test_since_no_account_answers_nothing_is_known(north):
    accounts = [north.account(), north.account()]
    north.messages(accounts, [NOW - 30 * HOUR] * 5)
    north.poll(accounts[0], last_attempt=NOW, last_success=NOW - 3 * HOUR, failures=5, failing_since=NOW - 2 * HOUR)
    north.poll(accounts[1], last_attempt=NOW - 2 * HOUR, last_success=NOW - 2 * HOUR)
    assert board_of(north).inbound.gaps == (Period(NOW - 2 * HOUR, NOW),)


def test_while_one_account_answers_there_is_no_gap(north):
    accounts = [north.account(), north.account()]
    north.messages(accounts, [NOW - 30 * HOUR] * 5)
    north.poll(accounts[0], last_attempt=NOW, last_success=NOW - 3 * HOUR, failures=5)
    north.poll(accounts[1], last_attempt=NOW, last_success=NOW, last_new=NOW)
    assert board_of(north).inbound.gaps == ()


def test_nothing_of_a_contact_is_on_the_board(north):
    account = north.account()
    contact = north.contact(handle="@somebody-private", name="Private Person")
    conversation = north.conversation(account, contact, first_line="a private line", since=NOW, due=NOW)
    north.turn(conversation, account, NOW - HOUR)
    shown = repr(board_of(north))
    assert not [secret for secret in ("somebody-private", "Private Person", "a private line") if secret in shown]
