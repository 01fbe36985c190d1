"""``flask --app app serve``: the one process that collects posts and keeps screens live. No other command starts either.

One gunicorn worker with a thread for each open screen. What runs beside the requests starts in the worker, after the
fork, and stops before it: screens are told, the poll in hand ends, then the worker leaves.
"""

import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from callbacks.house import KEY, House
from data.beginning import setup_token
from data.database import schema_is_current
from data.logs import set_up_logs
from data.settings import Settings
from data.signing import is_demonstration

if TYPE_CHECKING:
    from data.credentials import CredentialsBox
    from data.polling import Chore

PATIENCE_SECONDS = 20
"""How long a stop waits for requests in hand; streams end at once."""
KEPT_SECONDS = 15
STALLED_SECONDS = 5
"""How long a request that has begun may bring nothing."""
VANISHED_SECONDS = 30
"""How long what we sent may stay unacknowledged: a screen without power would keep its place for a quarter of an hour."""
STORY_EVERY = timedelta(seconds=5)


class Part(Protocol):
    """Something that runs beside the requests. ``stop`` may be called more than once."""

    def start(self) -> None:
        """Begin, in threads of its own."""

    def stop(self) -> object:
        """Finish what is in hand and end."""


def bound(connection: socket.socket) -> None:
    """Let a connection give its thread back: one that sends half a request, or stops taking what it is sent."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLED_SECONDS, 0))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, VANISHED_SECONDS * 1000)


class Worker(ThreadWorker):
    """A gunicorn worker that starts the parts with itself, and stops cleanly for SIGTERM and for Ctrl-C alike."""

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread, for no longer than it does something."""
        with suppress(OSError):  # it is closed already, which its thread will see
            bound(conn.sock)
        super().enqueue_req(conn)

    def run(self) -> None:
        """Serve until told to stop."""
        parts = self.app.parts
        for part in parts:
            part.start()
        try:
            super().run()
        finally:
            for part in reversed(parts):
                part.stop()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Tell the screens first: each holds a request open, and a stop waits for requests."""
        if self.alive:
            threading.Thread(target=self.app.parts[0].stop, name="goodbye").start()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Ctrl-C stops as cleanly as SIGTERM does."""
        self.handle_exit(sig, frame)


class Program(BaseApplication):
    """Gunicorn, set up by our settings alone. The first of ``parts`` is the one that holds streams open."""

    def __init__(self, server: Flask, settings: Settings, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self._server = server
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Take nothing from gunicorn's own command line or files."""
        settings = self._settings
        for name, value in {
            "bind": f"{settings.host}:{settings.port}",
            "workers": 1,
            "worker_class": Worker,
            "threads": settings.threads,
            "worker_connections": settings.threads * 4,
            "graceful_timeout": PATIENCE_SECONDS,
            "keepalive": KEPT_SECONDS,
            "loglevel": "warning" if settings.log_level == "info" else settings.log_level,
            "proc_name": "watchroom",
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The program itself, made before the fork."""
        return self._server


def serve(server: Flask) -> None:
    """Serve pages, collect posts and keep screens live."""
    house: House = server.extensions[KEY]
    set_up_logs(house.settings.log_level)
    if not schema_is_current(house.database):
        raise click.ClickException("The database is not ready. Run: flask --app app migrate")
    click.echo(f"Watchroom is at {house.settings.address}")
    token = setup_token(house.database)
    if token is not None:
        click.echo(f"Nobody can sign in yet. Open this link once: {house.settings.address}/setup/{token}")
    parts = parts_of(house)
    house.database.analyse()
    house.database.close()  # its connections must not be shared with the worker
    Program(server, house.settings, parts).run()


def parts_of(house: House) -> list[Part]:
    """What runs beside the requests, the live hub first."""
    from data.credentials import CredentialsBox
    from data.polling import Pollers

    box = CredentialsBox(house.settings.credentials_key.get_secret_value())
    chores = [*chores_of(house, box), *story_of(house)]
    return [house.hub, Pollers(house.database, house.clock, box, chores=chores)]


def chores_of(house: House, box: "CredentialsBox") -> "list[Chore]":
    """What only the elected process does, beside polling."""
    from data import (
        alarming,
        alerts,
        calls,
        delivery,
        disposing,
        engagement,
        keeping,
        lapsing,
        scouring,
        surging,
        survey,
        waking,
    )
    from data.telling import tell

    database, clock = house.database, house.clock
    return [
        *delivery.chores(database, clock, box),
        *keeping.chores(database, clock, house.settings),
        ("claims", lapsing.EVERY, partial(lapsing.look, database, clock)),
        *waking.chores(database, clock),
        *disposing.chores(database, clock),
        *scouring.chores(database, clock),
        *alarming.chores(database, clock),
        *surging.chores(database, clock),
        *alerts.chores(database, clock, box, house.settings.address, tell),
        *engagement.chores(database, clock, box),
        *survey.chores(database, clock, house.settings.address),
        *calls.chores(database, clock, box, house.settings.address),
    ]


def story_of(house: House) -> "list[Chore]":
    """In a demonstration an incident begins with the server, and goes on."""
    if not is_demonstration(house.database):
        return []
    from data.demonstration import serving as demonstration
    from data.demonstration.claims import begin_claims
    from data.demonstration.fared import begin_engagement
    from data.demonstration.replies import begin_replies

    demonstration.begin(house.database, house.clock, house.settings.var / "demonstration")
    begin_replies(house.database, house.clock())
    begin_claims(house.database, house.clock())
    begin_engagement(house.database, house.clock())
    return [("demonstration", STORY_EVERY, partial(demonstration.catch_up, house.database, house.clock))]


def register(server: Flask) -> None:
    """Add the command."""
    server.cli.add_command(click.Command("serve", callback=partial(serve, server), help=serve.__doc__))
