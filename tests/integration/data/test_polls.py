"""One poll of one account, and what each kind of answer leads to."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from data.accounts import NewAccount, add_account, change_pace
from data.channels.contract import NetworkFault, NotAllowed, RateLimited, Refused, Unreachable, WrongSetting
from data.credentials import CredentialsBox
from data.health import account_state
from data.polls import MOST_PAGES, followed, poll
from models.audit import COMMAND, AuditEvent, Revision
from models.conversation import Message
from models.problems import CredentialsLocked
from models.snapshots import AccountState
from models.workspace import Account, AccountPoll
from tests import rows
from tests.fakes import NOON, FakeNetwork, SetClock, page

BOX = CredentialsBox("k" * 32)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(database_url):
    opened = rows.open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def workspace_id(database):
    return rows.add_workspace(database, at=NOON)


@pytest.fixture
def account_id(database, workspace_id, clock):
    new = NewAccount("replay", "@northshire", settings={"path": "posts.csv"})
    return add_account(database, BOX, workspace_id, new, clock, COMMAND)


@pytest.fixture
def polled(database, clock, account_id):
    """Poll as the poller does, as often as asked."""

    def run(network, carry_on=lambda: True, connect=None):
        (account,) = followed(database)
        return poll(database, account, connect or (lambda: network), clock, carry_on=carry_on, chance=partial(float, 0))

    return run


def poll_row(database):
    with database.read() as db:
        return db.scalars(select(AccountPoll)).one()


def count(database, entity):
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(entity))


def revision(database):
    with database.read() as db:
        return db.scalar(select(Revision.number))


def state(database, clock):
    with database.read() as db:
        return account_state(db.scalars(select(AccountPoll)).one_or_none(), db.scalars(select(Account)).one(), clock())[
            0
        ]


def test_every_page_there_is_is_fetched_and_the_cursor_moves_with_it(database, polled):
    network = FakeNetwork(page([1, 2], "a", more=True, reads=2), page([3], "b", more=True, reads=1), page([4], "c"))
    done = polled(network)
    assert (done.outcome, done.pages, done.posts) == ("fetched", 3, {"stored": 4})
    assert network.asked == [None, "a", "b"]
    assert count(database, Message) == 4
    row = poll_row(database)
    assert (row.cursor, row.reads, row.next_attempt) == ("c", 3, NOON + MINUTE)


def test_a_long_history_leaves_the_threads_to_others_and_goes_on_soon(database, polled):
    network = FakeNetwork(*(page([n], f"c{n}", more=True) for n in range(MOST_PAGES + 5)))
    done = polled(network)
    assert done.pages == MOST_PAGES
    assert poll_row(database).cursor == f"c{MOST_PAGES - 1}"
    assert done.next_attempt == NOON + timedelta(seconds=2)


def test_no_transaction_is_open_while_the_network_answers(database, polled):
    def answer():
        with database.write() as db:
            db.execute(select(1))
        return page([1], "a")

    assert polled(FakeNetwork(answer)).outcome == "fetched"


def test_a_failed_page_keeps_the_pages_before_it(database, polled, clock):
    done = polled(FakeNetwork(page([1], "a", more=True), Unreachable("no answer from the network")))
    assert (done.outcome, done.next_attempt) == ("failed", NOON + MINUTE)
    assert poll_row(database).cursor == "a"
    assert count(database, Message) == 1


def test_failures_in_a_row_are_asked_ever_less_often_and_a_success_ends_it(database, polled, clock):
    pauses = []
    for _ in range(6):
        done = polled(FakeNetwork(NetworkFault("the network answered 503")))
        pauses.append((done.next_attempt - clock()) / MINUTE)
        clock.now = done.next_attempt
    assert pauses == [1, 2, 4, 8, 15, 15]
    assert poll_row(database).failures == 6
    polled(FakeNetwork(page([1])))
    row = poll_row(database)
    assert (row.failures, row.failing_since, row.reason) == (0, None, "")


def test_a_failed_poll_is_no_audit_event(database, polled):
    before = count(database, AuditEvent)
    polled(FakeNetwork(Unreachable("no answer")))
    assert count(database, AuditEvent) == before


def test_what_people_see_of_an_account_raises_the_revision_once(database, polled, clock):
    told = []
    database.listen(lambda _workspace, number: told.append(number))
    polled(FakeNetwork(page([])))
    states, numbers = [state(database, clock)], [revision(database)]
    for answer in (*[Unreachable("no answer")] * 3, page([])):
        clock.now += MINUTE
        polled(FakeNetwork(answer))
        states.append(state(database, clock))
        numbers.append(revision(database))
    live, failing = AccountState.LIVE, AccountState.FAILING
    assert states == [live, live, failing, failing, live]
    assert [later - earlier for earlier, later in zip(numbers, numbers[1:], strict=False)] == [1, 1, 0, 1]
    assert told == sorted(set(told)) and told[-1] == numbers[-1]


def test_retry_after_is_obeyed(database, polled):
    welcome = NOON + timedelta(minutes=11)
    done = polled(FakeNetwork(RateLimited("the network asks for patience", welcome)))
    assert (done.outcome, done.next_attempt) == ("limited", welcome)


def test_a_limit_without_a_time_is_backed_off_from(database, polled):
    assert polled(FakeNetwork(RateLimited("patience"))).next_attempt == NOON + MINUTE


def test_the_last_call_of_a_window_waits_for_the_next_window(database, polled):
    resets = NOON + timedelta(minutes=13)
    network = FakeNetwork(page([1], "a", more=True, remaining=0, resets=resets), page([2], "b"))
    done = polled(network)
    assert (done.pages, done.next_attempt) == (1, resets)


def test_refused_credentials_are_tried_every_quarter_of_an_hour(database, polled, clock):
    done = polled(FakeNetwork(Refused("the network refused the credentials")))
    assert (done.outcome, done.next_attempt) == ("refused", NOON + timedelta(minutes=15))
    assert state(database, clock) is AccountState.AUTH


@pytest.mark.parametrize(
    ("failure", "outcome", "words"),
    [
        (NotAllowed("the network said no (404)"), "failed", "the network said no (404)"),
        (WrongSetting("path", "is missing"), "failed", "its setting path is missing"),
        (
            CredentialsLocked(),
            "refused",
            "the stored credentials cannot be read with the present key: enter them again",
        ),
    ],
)
def test_what_only_a_person_can_mend_is_not_hammered(database, polled, failure, outcome, words):
    def connect():
        raise failure

    done = polled(None, connect=connect)
    assert (done.outcome, done.next_attempt) == (outcome, NOON + timedelta(minutes=15))
    assert poll_row(database).reason == words


def test_a_used_up_budget_stops_reading_until_next_month_and_says_so(database, polled, clock, workspace_id, account_id):
    change_pace(database, workspace_id, account_id, 60, 3, clock, COMMAND)
    network = FakeNetwork(page([1, 2], "a", more=True, reads=2), page([3, 4], "b", more=True, reads=2), page([5], "c"))
    assert polled(network).pages == 2
    clock.now += MINUTE
    done = polled(network)
    december = NOON.replace(month=12, day=1, hour=0)
    assert (done.outcome, done.next_attempt) == ("spent", december)
    assert poll_row(database).reason == "the read budget of this month (3 posts) is used up until 1 December"
    assert state(database, clock) is AccountState.FAILING
    assert len(network.asked) == 2
    clock.now = december
    assert polled(network).outcome == "fetched"
    row = poll_row(database)
    assert (row.month, row.reads, row.reason) == ("2026-12", 0, "")
    assert count(database, Message) == 5


def test_an_account_that_is_changed_during_its_poll_is_asked_again_at_once(
    database, polled, clock, workspace_id, account_id
):
    def answer():
        change_pace(database, workspace_id, account_id, 600, None, clock, COMMAND)
        raise Refused("the network refused the credentials")

    polled(FakeNetwork(answer))
    assert poll_row(database).next_attempt is None


def test_a_page_that_comes_back_after_the_stop_is_left_for_the_next_poll(database, polled):
    done = polled(FakeNetwork(page([1], "a")), carry_on=lambda: False)
    assert (done.outcome, done.pages) == ("stopped", 0)
    assert count(database, Message) == 0
    assert poll_row(database).cursor is None
