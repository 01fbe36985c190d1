"""Logs of the real thing: whatever goes through a poll, and however it ends, nothing that anybody wrote is in them."""

import io
import logging
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from data.accounts import NewAccount, add_account
from data.clock import utc_now
from data.credentials import CredentialsBox
from data.logs import set_up_logs
from data.polling import Pollers
from models.audit import COMMAND
from models.posts import Author, Batch, Direction, Kind, Post, Unreadable
from tests import rows
from tests.fakes import NOON, FakeNetwork, FakeNetworks, wait_until

MARKER = "zebra-umbrella-violet"
BOX = CredentialsBox("k" * 32)


@pytest.fixture
def stream():
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    target = io.StringIO()
    set_up_logs("debug", target)
    root.setLevel(logging.DEBUG)
    yield target
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def database(database_url):
    opened = rows.open_database(database_url)
    yield opened
    opened.close()


def marked_page() -> Batch:
    author = Author(MARKER, f"@{MARKER}", MARKER)
    post = Post(MARKER, NOON, f"Help me, {MARKER}", Kind.PRIVATE, Direction.IN, author, media=())
    return Batch((post,), MARKER, (Unreadable(f'{{"text": "{MARKER}"}}', f"unreadable {MARKER}"),))


def poll_until(database, network, said, stream):
    """Let pollers poll ``network`` until the log says so."""
    workspace_id = rows.add_workspace(database, at=utc_now())
    new = NewAccount("x", "north", credentials={"bearer_token": MARKER})
    add_account(database, BOX, workspace_id, new, utc_now, COMMAND)
    networks = FakeNetworks(north=network)
    pollers = Pollers(database, utc_now, BOX, tend_every=timedelta(seconds=0.1), connect=networks)
    pollers.start()
    assert wait_until(lambda: said in stream.getvalue())
    assert pollers.stop()


def test_a_poll_that_goes_well_says_nothing_of_what_was_in_it(database, stream, capfd):
    poll_until(database, FakeNetwork(marked_page()), '"outcome": "fetched"', stream)
    assert '"posts": {"stored": 1, "rejected": 1}' in stream.getvalue()
    assert MARKER not in stream.getvalue() + "".join(capfd.readouterr())


def test_a_network_that_fails_with_what_somebody_wrote(database, stream, capfd):
    network = FakeNetwork(RuntimeError(f"they wrote: {MARKER}"))
    poll_until(database, network, '"problem": "RuntimeError"', stream)
    assert MARKER not in stream.getvalue() + "".join(capfd.readouterr())


def test_a_database_that_refuses_a_row_with_what_somebody_wrote(database, stream, capfd):
    with database.write() as db:
        db.execute(text("DROP TABLE quarantine"))
    poll_until(database, FakeNetwork(marked_page()), '"event": "job failed"', stream)
    assert MARKER not in stream.getvalue() + "".join(capfd.readouterr())
