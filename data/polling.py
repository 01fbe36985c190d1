"""The pollers: one elected process asks every account at its own interval, and gives a sign of life every ten seconds."""

import os
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from secrets import SystemRandom

import structlog

from data import channels
from data.channels.contract import Connector
from data.clock import Clock
from data.connectors import Connectors
from data.credentials import CredentialsBox
from data.database import Database
from data.election import Seat, seat_of
from data.heartbeats import BEAT, POLLER
from data.polls import Followed, followed, poll
from data.schedule import AT_ONCE, Pool, Schedule
from models.workspace import Heartbeat

TEND = timedelta(seconds=5)
"""How often a follower looks whether the seat is free, and the leader which accounts there are."""
PATIENCE = timedelta(seconds=10)
"""How long the polls in hand may take to end when the process stops."""

Chore = tuple[str, timedelta, Callable[[], timedelta | None]]
"""Something else that only the elected process does: a name, how often, and what. It may return how soon to come again."""

CHANCE = SystemRandom().random

log = structlog.get_logger()


class Pollers:
    """Start once, in the serving process only. Others on the same database wait, and take over when it is gone.

    ``chores`` come round in the elected process too. ``connect`` makes connectors (``data.channels.connect``).
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        box: CredentialsBox,
        *,
        chores: Iterable[Chore] = (),
        seat: Seat | None = None,
        at_once: int = AT_ONCE,
        tend_every: timedelta = TEND,
        connect: Callable[..., Connector] = channels.connect,
        chance: Callable[[], float] = CHANCE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._chores = tuple(chores)
        self._seat = seat or seat_of(database)
        self._tend_every = tend_every
        self._chance = chance
        self._schedule = Schedule(at_once)
        self._leads = threading.Event()
        self._stopping = threading.Event()
        self._known: dict[str, Followed] = {}
        self._connectors = Connectors(box, clock, connect)

    @property
    def leads(self) -> bool:
        """Whether this process is the elected one."""
        return self._leads.is_set()

    @property
    def jobs(self) -> frozenset[str]:
        """What comes round here now: ``tend``, and in the elected process the beat, the chores and its accounts."""
        return self._schedule.names

    def start(self) -> None:
        """Begin to stand for election."""
        self._schedule.every("tend", self._tend_every, self._tend, Pool.OWN)
        self._schedule.start()

    def stop(self, patience: timedelta = PATIENCE) -> bool:
        """Stop asking. A page in hand is stored whole or not at all; the seat is free afterwards.

        True where everything in hand ended within ``patience``; what did not stores nothing any more.
        """
        self._stopping.set()
        ended = self._schedule.stop(patience)
        self._leads.clear()
        self._seat.give_up()
        log.info("pollers stopped", ended=ended)
        return ended

    def _tend(self) -> None:
        if self._stopping.is_set():
            return
        if not self._seat.is_held():
            if self.leads:
                self._step_down()
            if not self._seat.take():
                return
            self._step_up()
        self._follow()

    def _step_up(self) -> None:
        log.info("this process polls now")
        self._leads.set()
        self._beat()
        self._schedule.every("beat", BEAT, self._beat, Pool.OWN, BEAT)
        for name, interval, work in self._chores:
            self._schedule.every(name, interval, partial(self._do, name, work), Pool.NETWORK)

    def _step_down(self) -> None:
        log.warning("the poller's seat is lost")
        self._leads.clear()
        self._known.clear()
        for name in self._schedule.names - {"tend"}:
            self._schedule.drop(name)

    def _beat(self) -> None:
        if not self._carries_on():
            return
        with self._database.write() as db:
            db.merge(Heartbeat(name=POLLER, holder=f"{socket.gethostname()}:{os.getpid()}", at=self._clock()))

    def _do(self, name: str, work: Callable[[], timedelta | None]) -> None:
        if self._carries_on() and (again := work()) is not None:
            self._schedule.put_off(name, again)

    def _carries_on(self) -> bool:
        return self._leads.is_set() and not self._stopping.is_set()

    def _follow(self) -> None:
        """Bring the jobs in line with the accounts: new and changed ones begin when they are next due."""
        now = self._clock()
        present = {f"account-{one.id}": one for one in followed(self._database)}
        for name in self._known.keys() - present.keys():
            self._schedule.drop(name)
            self._connectors.forget(self._known.pop(name).id)
        for name, account in present.items():
            known = self._known.get(name)
            if known is None or known.version != account.version:
                self._known[name] = account
                delay = account.next_attempt - now if account.next_attempt else timedelta(0)
                work = partial(self._poll, name, account)
                self._schedule.every(name, account.interval, work, Pool.NETWORK, max(delay, timedelta(0)))

    def _poll(self, name: str, account: Followed) -> None:
        if not self._carries_on():
            return
        polled = poll(
            self._database,
            account,
            partial(self._connectors.of, account),
            self._clock,
            carry_on=self._carries_on,
            chance=self._chance,
        )
        if self._known.get(name) is account:
            self._schedule.put_off(name, polled.next_attempt - self._clock())
