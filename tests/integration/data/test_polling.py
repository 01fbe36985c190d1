"""The pollers as they run: who polls, whom, how often, and how it ends."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data.accounts import NewAccount, add_account, pause_account, resume_account, rotate_credentials
from data.channels.contract import Unreachable
from data.clock import utc_now
from data.credentials import CredentialsBox
from data.heartbeats import poller_alive
from data.polling import Pollers
from models.audit import COMMAND
from models.conversation import Message
from models.workspace import AccountPoll, Heartbeat
from tests import rows
from tests.fakes import FakeNetwork, FakeNetworks, page, wait_until

BOX = CredentialsBox("k" * 32)
QUICKLY = timedelta(milliseconds=50)
PATIENT = 30.0

SERVE = """
import sys
from datetime import timedelta
from data.clock import utc_now
from data.credentials import CredentialsBox
from data.database import Database
from data.logs import set_up_logs
from data.polling import Pollers
set_up_logs()
pollers = Pollers(Database(sys.argv[1], b"a" * 32), utc_now, CredentialsBox("k" * 32), tend_every=timedelta(seconds=0.1))
pollers.start()
print("started", flush=True)
sys.stdin.readline()
print(pollers.leads, flush=True)
pollers.stop()
"""


@pytest.fixture
def database(database_url):
    opened = rows.open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def workspace_id(database):
    return rows.add_workspace(database, at=utc_now())


@pytest.fixture
def add(database, workspace_id):
    def add_one(handle, interval=5, credentials=None):
        new = NewAccount("x", handle, interval=interval, credentials=credentials or {"bearer_token": "b"})
        return add_account(database, BOX, workspace_id, new, utc_now, COMMAND)

    return add_one


@pytest.fixture
def pollers(database):
    """Start pollers over fake networks; all of them are stopped at the end."""
    made = []

    def start(networks, **options):
        options = {"tend_every": QUICKLY, "connect": networks, "chance": lambda: 0.0} | options
        made.append(Pollers(database, utc_now, BOX, **options))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.stop()


def stored(database):
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(Message))


def holder(database):
    with database.read() as db:
        return db.scalar(select(Heartbeat.holder).where(Heartbeat.name == "poller"))


def asked(network, times=1):
    return all(network.calls.acquire(timeout=PATIENT) for _ in range(times))


def test_posts_arrive_and_the_poller_gives_signs_of_life(database, add, pollers):
    add("north")
    network = FakeNetwork(page([1, 2, 3]))
    running = pollers(FakeNetworks(north=network))
    assert wait_until(lambda: stored(database) == 3)
    assert running.leads
    with database.read() as db:
        assert poller_alive(db, utc_now())
    assert holder(database).endswith(f":{os.getpid()}")


def test_only_one_of_two_pollers_on_a_database_asks(database, add, pollers):
    add("north")
    first, second = FakeNetwork(), FakeNetwork()
    one = pollers(FakeNetworks(north=first))
    assert asked(first)
    two = pollers(FakeNetworks(north=second))
    assert wait_until(lambda: two.jobs == {"tend"})
    assert (one.leads, two.leads, second.asked) == (True, False, [])
    one.stop()
    assert wait_until(lambda: two.leads)
    assert asked(second)


@pytest.fixture
def serving(database):
    """Other processes that run pollers on the same database."""
    started = []

    def serve():
        command = [sys.executable, "-c", SERVE, database.url]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "started\n"
        return process

    yield serve
    for process in started:
        process.kill()
        process.communicate()


def test_when_the_polling_process_is_killed_another_one_takes_over(database, workspace_id, serving):
    first = serving()
    assert wait_until(lambda: (holder(database) or "").endswith(f":{first.pid}"))
    second = serving()
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert wait_until(lambda: holder(database).endswith(f":{second.pid}"))
    assert "True" in second.communicate("\n", timeout=PATIENT)[0].splitlines()


def test_an_account_added_while_running_is_asked_without_a_restart(database, add, pollers):
    networks = FakeNetworks(north=FakeNetwork(), south=FakeNetwork())
    pollers(networks)
    add("north")
    assert asked(networks.networks["north"])
    add("south")
    assert asked(networks.networks["south"])


def test_a_paused_account_is_asked_no_more_until_it_is_resumed(database, workspace_id, add, pollers):
    account_id = add("north")
    network = FakeNetwork()
    running = pollers(FakeNetworks(north=network))
    assert asked(network)
    name = f"account-{account_id}"
    pause_account(database, workspace_id, account_id, utc_now(), COMMAND)
    assert wait_until(lambda: name not in running.jobs)
    resume_account(database, workspace_id, account_id, utc_now(), COMMAND)
    assert asked(network)
    assert name in running.jobs


def test_new_credentials_are_used_at_the_next_poll(database, workspace_id, add, pollers):
    account_id = add("north")
    network = FakeNetwork()
    networks = FakeNetworks(north=network)
    pollers(networks)
    assert asked(network)
    rotate_credentials(database, BOX, workspace_id, account_id, {"bearer_token": "new"}, utc_now, COMMAND)
    assert asked(network)
    assert networks.made == [("north", {"bearer_token": "b"}), ("north", {"bearer_token": "new"})]


def test_a_failing_account_never_stops_the_others(database, add, pollers):
    for handle in ("broken", "away", "north"):
        add(handle)
    network = FakeNetwork(page([1]), page([2]))
    networks = FakeNetworks(broken=ZeroDivisionError(), away=FakeNetwork(*[Unreachable("no")] * 9), north=network)
    pollers(networks)
    assert asked(network, 2)
    assert wait_until(lambda: stored(database) == 2)


def test_waiting_until_a_network_welcomes_us_outlives_a_restart(database, workspace_id, add, pollers):
    account_id = add("north")
    with database.write() as db:
        later = utc_now() + timedelta(minutes=5)
        db.add(AccountPoll(workspace_id=workspace_id, account_id=account_id, next_attempt=later))
    network = FakeNetwork()
    running = pollers(FakeNetworks(north=network))
    assert wait_until(lambda: f"account-{account_id}" in running.jobs)
    assert network.asked == []


@pytest.fixture
def poll_in_hand(database, add, pollers):
    """Pollers with a poll whose network has not answered yet, and what lets it answer."""
    add("north")
    entered, answer = threading.Event(), threading.Event()

    def slowly():
        entered.set()
        answer.wait(PATIENT)
        return page([1, 2])

    running = pollers(FakeNetworks(north=FakeNetwork(slowly)))
    assert entered.wait(PATIENT)
    yield running, answer
    answer.set()


def test_a_network_that_answers_after_the_stop_stores_nothing(database, poll_in_hand):
    running, answer = poll_in_hand
    assert not running.stop(timedelta(milliseconds=50))
    answer.set()
    assert running.stop()
    assert stored(database) == 0
    with database.read() as db:
        assert db.scalar(select(AccountPoll.cursor)) is None


def test_stopping_frees_the_seat_for_the_next_process(database, add, pollers):
    add("north")
    first = pollers(FakeNetworks(north=FakeNetwork()))
    assert wait_until(lambda: first.leads)
    assert first.stop()
    assert not first.leads
    second = pollers(FakeNetworks(north=FakeNetwork()))
    assert wait_until(lambda: second.leads)


class LostSeat:
    """A seat that can be taken from under its holder."""

    def __init__(self):
        self.free, self.held = True, False

    def take(self):
        self.held, self.free = self.free, False
        return self.held

    def is_held(self):
        return self.held

    def give_up(self):
        self.held = False


def test_a_poller_that_loses_its_seat_steps_down_and_stands_again(database, add, pollers):
    add("north")
    seat, chores = LostSeat(), threading.Semaphore(0)
    running = pollers(
        FakeNetworks(north=FakeNetwork()), seat=seat, chores=[("tidy", timedelta(seconds=1), chores.release)]
    )
    assert chores.acquire(timeout=PATIENT)
    assert wait_until(lambda: len(running.jobs) == 4)
    seat.held = False
    assert wait_until(lambda: running.jobs == {"tend"} and not running.leads)
    seat.free = True
    assert wait_until(lambda: running.leads)
