"""The serving process, as it is really run: it starts what runs beside the requests, and stops in order."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from data.clock import utc_now
from data.kiosks import create_kiosk
from models.audit import COMMAND
from models.workspace import Heartbeat
from tests.rows import AUDIT_KEY, add_workspace, open_database

ROOT = Path(__file__).resolve().parents[3]
SERVE = [sys.executable, "-m", "flask", "--app", "app", "serve"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def environment(database_url, tmp_path):
    return os.environ | {
        "WATCHROOM_DATABASE_URL": database_url,
        "WATCHROOM_VAR": str(tmp_path / "var"),
        "WATCHROOM_AUDIT_KEY": AUDIT_KEY.decode() * 32,
        "WATCHROOM_PORT": str(free_port()),
        "WATCHROOM_SCREENS": "4",
    }


@pytest.fixture
def serving(environment):
    """A running server, once it has said where it is."""
    process = subprocess.Popen(
        SERVE, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = process.stdout.readline()
    assert said == f"Watchroom is at http://127.0.0.1:{environment['WATCHROOM_PORT']}\n", said + process.stdout.read()
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stdout.close()


def ask(environment, path, cookie=""):
    """One request, tried again while the server is still starting; the answer is not read."""
    for _ in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", int(environment["WATCHROOM_PORT"]), timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
            return connection, connection.getresponse()
        except ConnectionRefusedError:
            connection.close()
            wait_a_moment()
    raise AssertionError("the server did not begin to answer")


def wait_a_moment() -> None:
    """Give the server a moment of the processor."""
    import select as system

    system.select([], [], [], 0.05)


def test_the_first_run_prints_a_link_that_works(serving, environment):
    link = re.search(r"Open this link once: http://[^/]+(/setup/\S+)", serving.stdout.readline())[1]
    connection, answer = ask(environment, link)
    assert (answer.status, "Set up Watchroom" in answer.read().decode()) == (200, True)
    connection.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_stop_tells_the_screens_and_leaves_nothing_behind(serving, environment, how):
    database = open_database(environment["WATCHROOM_DATABASE_URL"])
    north = add_workspace(database)
    token = create_kiosk(database, north, "Duty desk", "main", utc_now(), COMMAND)
    connection, stream = ask(environment, "/events?workspace=north&board=main", f"watchroom_kiosk={token}")
    assert (stream.status, stream.getheader("Content-Type")) == (200, "text/event-stream; charset=utf-8")
    assert stream.readline()
    serving.send_signal(how)
    rest = stream.read().decode()
    assert "event: bye" in rest
    assert '"reason":"stopping"' in rest
    connection.close()
    assert serving.wait(30) == 0
    with database.read() as db:
        assert db.scalar(select(Heartbeat.name)) in (None, "poller")
    database.close()


def test_an_unready_database_is_said_so(environment, empty_database_url):
    unready = environment | {"WATCHROOM_DATABASE_URL": empty_database_url}
    ended = subprocess.run(SERVE, cwd=ROOT, env=unready, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Run: flask --app app migrate" in ended.stderr


def test_requests_that_never_end_do_not_keep_everybody_else_out(serving, environment):
    ask(environment, "/healthz")[0].close()
    threads = int(environment["WATCHROOM_SCREENS"]) + 8
    halves = [socket.create_connection(("127.0.0.1", int(environment["WATCHROOM_PORT"]))) for _ in range(threads)]
    for half in halves:
        half.sendall(b"POST /sign-in HTTP/1.1\r\nHost: north")
    connection, answer = ask(environment, "/healthz")
    assert answer.status == 200
    connection.close()
    for half in halves:
        half.close()
