"""The whole program on a database of the test's own, at a time of the test's choosing."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app, furnish
from callbacks.house import KEY, move_in
from data import database as databases
from data.settings import Settings, load_settings
from tests.rows import NOW, add_member, add_workspace
from tests.visits import Visitor


class SetClock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, length: timedelta) -> None:
        self.now += length


@pytest.fixture
def settings(database_url, tmp_path) -> Settings:
    return load_settings(
        {
            "WATCHROOM_DATABASE_URL": database_url,
            "WATCHROOM_VAR": str(tmp_path / "var"),
            "WATCHROOM_SECRET_KEY": "s" * 32,
            "WATCHROOM_AUDIT_KEY": "a" * 32,
            "WATCHROOM_CREDENTIALS_KEY": "c" * 32,
        }
    )


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def build(settings, clock):
    """Makes the program, as often as asked; every one of them gives its connections back."""
    made = []

    def one() -> Flask:
        made.append(create_app(settings, clock))
        return made[-1]

    yield one
    for server in made:
        server.extensions[KEY].database.close()


@pytest.fixture(scope="session")
def wired() -> list[Flask]:
    """The program as it was built for this worker's first test: its routes and callbacks know nothing of a database."""
    return []


@pytest.fixture
def server(wired, build, settings, clock):
    """The program, with a house of this test's own."""
    if not wired:
        wired.append(build())
    (server,) = wired
    server.extensions[KEY].database.close()
    move_in(server, furnish(settings, clock, server.extensions[KEY].dash))
    yield server
    server.extensions[KEY].database.close()


@pytest.fixture
def database(server):
    return server.extensions[KEY].database


@pytest.fixture
def north(database) -> int:
    return add_workspace(database)


@pytest.fixture
def visitor(server) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(server)


@pytest.fixture
def ann(server, database, north) -> Visitor:
    """An operator of the north, signed in."""
    add_member(database, north, "ann", "Operator")
    visitor = Visitor(server)
    assert visitor.sign_in("ann").status_code == 302
    return visitor


@pytest.fixture
def while_others_write(database, monkeypatch):
    """Somebody else holds the database for longer than we wait: as long as the block lasts. On SQLite only."""
    if not database.sqlite:
        pytest.skip("Postgres has many writers")
    monkeypatch.setattr(databases, "BUSY_MILLISECONDS", 20)
    database.close()

    @contextmanager
    def held():
        with databases.Database(database.url, database.audit_key).write() as db:
            db.execute(text("SELECT 1"))
            yield

    return held
