"""What a monitor asks, and what it is not told."""

import resource
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app import create_app
from callbacks.house import KEY
from data.accounts import NewAccount, add_account, pause_account
from data.credentials import CredentialsBox
from data.readiness import takes_writes
from data.settings import load_settings
from data.version import START, VERSION
from models.audit import COMMAND
from models.people import SignedIn
from models.workspace import AccountPoll, Heartbeat
from tests import rows
from tests.fakes import NOON, SetClock

TOKEN = "m" * 40


@pytest.fixture
def database(database_url):
    opened = rows.open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def client(database_url, tmp_path, clock):
    """A browser of the program with these settings."""
    servers = []

    def made(**settings):
        environment = {"WATCHROOM_DATABASE_URL": database_url, "WATCHROOM_VAR": str(tmp_path), **settings}
        servers.append(create_app(load_settings(environment), clock))
        return servers[-1].test_client()

    yield made
    for server in servers:
        server.extensions[KEY].database.close()


@pytest.fixture
def running(database, clock):
    """A poller's sign of life, and an account that was just read."""
    workspace_id = rows.add_workspace(database, at=NOON)
    new = NewAccount("x", "@north", credentials={"bearer_token": "b"})
    account_id = add_account(database, CredentialsBox("k" * 32), workspace_id, new, clock, COMMAND)
    with database.write() as db:
        db.add(Heartbeat(name="poller", holder="here", at=NOON))
        db.add(
            AccountPoll(
                workspace_id=workspace_id, account_id=account_id, last_attempt=NOON, last_success=NOON, last_new=NOON
            )
        )
    return workspace_id, account_id


def authorised(token=TOKEN):
    return {"Authorization": f"Bearer {token}"}


def test_the_process_says_that_it_is_there_whatever_the_database_does(client, database):
    with database.write() as db:
        db.execute(text("DROP TABLE heartbeat"))
    answer = client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"alive": True})


def test_everything_well_is_200(client, running):
    answer = client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "ready": True,
        "as_at": NOON.isoformat(),
        "database": {"takes_writes": True, "schema_current": True},
        "poller": {"alive": True, "seen": NOON.isoformat()},
        "accounts": {"live": 1},
    }


def test_a_poller_without_signs_of_life_is_503(client, database, running, clock):
    with database.write() as db:
        db.execute(text("DELETE FROM heartbeat"))
    answer = client().get("/readyz")
    assert (answer.status_code, answer.json["poller"]) == (503, {"alive": False, "seen": None})


@pytest.mark.parametrize(
    ("change", "state"),
    [("refused = :yes", "auth"), ("failures = 2", "failing"), ("failures = 1", "live")],
)
def test_an_account_that_brings_nothing_is_503(client, database, running, change, state):
    with database.write() as db:
        db.execute(text(f"UPDATE account_poll SET {change}"), {"yes": True} if ":yes" in change else {})
    answer = client().get("/readyz")
    assert (answer.status_code, answer.json["accounts"]) == (200 if state == "live" else 503, {state: 1})


def test_an_account_that_nobody_asks_is_503_and_a_paused_one_is_not(client, database, running, clock):
    clock.now += timedelta(minutes=3)
    with database.write() as db:
        db.get_one(Heartbeat, "poller").at = clock.now
    browser = client()
    assert browser.get("/readyz").json["accounts"] == {"dead": 1}
    pause_account(database, *running, clock.now, COMMAND)
    clock.now += timedelta(seconds=6)
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json["accounts"]) == (200, {"paused": 1})


def test_an_old_schema_is_503(client, database, running):
    with database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    answer = client().get("/readyz")
    assert (answer.status_code, answer.json["database"]["schema_current"]) == (503, False)


def test_a_database_that_is_away_is_503(client, database, running):
    with database.write() as db:
        db.execute(text("DROP TABLE heartbeat"))
    answer = client().get("/readyz")
    assert (answer.status_code, answer.json["database"]["takes_writes"]) == (503, False)


def test_the_write_probe_leaves_nothing(database):
    assert takes_writes(database, NOON)
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(Heartbeat)) == 0


def test_a_disk_that_takes_no_more_is_found(database, database_kind):
    if database_kind == "postgres":
        pytest.skip("the disk of a server is not ours to fill")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        found = takes_writes(database, NOON)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not found
    assert takes_writes(database, NOON)


def test_who_asks_often_does_not_make_us_write_often(client, database, running, clock):
    browser = client()
    assert browser.get("/readyz").status_code == 200
    with database.write() as db:
        db.execute(text("DELETE FROM heartbeat"))
    assert browser.get("/readyz").status_code == 200
    clock.now += timedelta(seconds=6)
    assert browser.get("/readyz").status_code == 503


def test_only_the_metrics_token_sees_names(client, running):
    browser = client(WATCHROOM_METRICS_TOKEN=TOKEN)
    assert "north" not in browser.get("/readyz").text
    assert "north" not in browser.get("/readyz", headers=authorised("wrong")).text
    (named,) = browser.get("/readyz", headers=authorised()).json["accounts"]
    assert (named["handle"], named["workspace"], named["state"]) == ("@north", "north", "live")


def test_without_a_token_set_nobody_is_named_and_there_are_no_metrics(client, running):
    browser = client()
    assert "north" not in browser.get("/readyz", headers=authorised("")).text
    assert browser.get("/metrics").status_code == 404
    assert browser.get("/metrics", headers=authorised("")).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer é"}])
def test_metrics_are_for_the_token_alone(client, headers):
    answer = client(WATCHROOM_METRICS_TOKEN=TOKEN).get("/metrics", headers=headers)
    assert (answer.status_code, answer.data) == (401, b"")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_metrics_count_what_happens(client, database, running):
    user_id = rows.add_user(database)
    with database.write() as db:
        good = {"user_id": user_id, "began": NOON, "last_active": NOON}
        db.add(SignedIn(token_hash="a", **good))
        db.add(SignedIn(token_hash="b", ended=NOON, **good))
    browser = client(WATCHROOM_METRICS_TOKEN=TOKEN)
    browser.get("/healthz")
    browser.get("/kiosk/a-secret-token")
    found = browser.get("/metrics", headers=authorised())
    assert found.status_code == 200
    lines = dict(line.rsplit(" ", 1) for line in found.text.splitlines() if not line.startswith("#"))
    assert lines["watchroom_sessions"] == "1.0"
    assert lines["watchroom_poller_alive"] == "1.0"
    assert lines['watchroom_accounts{state="live"}'] == "1.0"
    assert lines["watchroom_screens"] == "0.0"
    assert float(lines['watchroom_requests_total{route="/healthz",status="200"}']) >= 1
    assert float(lines['watchroom_requests_total{route="/kiosk/<token>",status="404"}']) >= 1
    assert float(lines["process_resident_memory_bytes"]) > 1e7
    assert {"watchroom_event_lag_seconds_count", "watchroom_intake_seconds_count"} <= lines.keys()
    assert "a-secret-token" not in found.text


def test_the_version_names_this_start(client):
    assert client().get("/version").json == {"version": VERSION, "start": START}


def test_nothing_of_it_is_kept_by_anybody(client, running):
    browser = client()
    for path in ("/healthz", "/readyz", "/version"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
