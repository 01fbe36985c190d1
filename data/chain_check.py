"""Walks through a workspace's chain that people ask for on the page: one at a time for each workspace, beside the requests."""

import threading
from datetime import datetime
from pathlib import Path

import structlog

from data.anchors import read_anchors
from data.audit import actor_of, change
from data.clock import Clock
from data.database import Database
from data.verification import Verified, verify
from models.permissions import Permission, Scope
from models.snapshots import ChainCheck

log = structlog.get_logger()


class _Stopped(Exception):
    """Somebody does not want to know any more."""


class ChainChecks:
    """The walks under way and what came of the last one of each workspace."""

    def __init__(self, database: Database, clock: Clock, anchors: Path) -> None:
        self._database = database
        self._clock = clock
        self._anchors = anchors
        self._guard = threading.Lock()
        self._states: dict[int, ChainCheck] = {}
        self._stopping: set[int] = set()
        self._threads: dict[int, threading.Thread] = {}

    def look(self, scope: Scope) -> ChainCheck:
        """How far the workspace's walk is. Raises ``NotPermitted``."""
        scope.require(Permission.READ_AUDIT)
        return self._states.get(scope.workspace_id, ChainCheck())

    def start(self, scope: Scope) -> None:
        """Begin a walk, where none is under way. Raises ``NotPermitted``."""
        scope.require(Permission.READ_AUDIT)
        home = scope.workspace_id
        with self._guard:
            if self._states.get(home, ChainCheck()).running:
                return
            self._stopping.discard(home)
            self._states[home] = ChainCheck(running=True)
            thread = threading.Thread(target=self._walk, args=(scope,), name=f"chain-{home}", daemon=True)
            self._threads[home] = thread
        thread.start()

    def stop(self, scope: Scope) -> None:
        """Let the walk end where it is. Raises ``NotPermitted``."""
        scope.require(Permission.READ_AUDIT)
        with self._guard:
            self._stopping.add(scope.workspace_id)

    def wait(self, scope: Scope, seconds: float) -> None:
        """Until the walk has ended, or so long."""
        thread = self._threads.get(scope.workspace_id)
        if thread is not None:
            thread.join(seconds)

    def _walk(self, scope: Scope) -> None:
        home = scope.workspace_id

        def report(done: int, total: int) -> None:
            if home in self._stopping:
                raise _Stopped
            self._states[home] = ChainCheck(running=True, done=done, total=total)

        try:
            anchored = read_anchors(self._anchors, self._database.audit_key)
            report(0, 0)
            (found,) = verify(self._database, anchored, report, only=home)
            ended = self._clock()
            self._states[home] = _told(found, anchored.problem, ended)
            self._note(scope, self._states[home], ended)
        except _Stopped:
            self._states[home] = ChainCheck(ended=self._clock(), stopped=True)
        except Exception as error:
            log.error("a chain could not be walked", problem=type(error).__name__)
            self._states[home] = ChainCheck(ended=self._clock(), problem="it could not be read to its end")

    def _note(self, scope: Scope, found: ChainCheck, at: datetime) -> None:
        """Who looked, and what they found, is on the record too."""
        with change(self._database, scope.workspace_id, actor_of(scope), at) as c:
            c.state("verify", "audit", after={"events": found.events, "whole": not found.problem})


def _told(found: Verified, of_file: str, at: datetime) -> ChainCheck:
    problem = ""
    if found.bad is not None:
        which = f", number {found.bad.event_id}" if found.bad.event_id is not None else ""
        problem = f"event {found.bad.sequence:,}{which}: {found.bad.why}"
    elif of_file:
        problem = f"the anchors beside the database: {of_file}"
    return ChainCheck(ended=at, events=found.events, problem=problem, anchored=found.anchored)
