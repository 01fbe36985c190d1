"""Twenty operators at once, over HTTP: they open, claim, give back and hear news, all on the same forty conversations.

Run with ``python -m bench.operators``. No answer may be an error, and no update may be lost: what the operators were told
must be what the record says, claim for claim, and nobody may have held what somebody else held.
"""

import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from sqlalchemy import select

from app import create_app
from bench.intake import postgres_cluster
from bench.report import report, report_times
from data.clock import utc_now
from data.database import Database, migrate
from data.settings import load_settings
from models.audit import AuditEvent
from tests import panel
from tests.programs import Served, environment
from tests.rows import AUDIT_KEY, add_conversation, add_member, add_workspace
from tests.visits import CALLBACK, PAGE, Visitor

OPERATORS = 20
CONVERSATIONS = 40
SECONDS = 20


class Operator(Visitor):
    """One browser, over HTTP. The program beside it only says which callbacks there are."""

    def __init__(self, server: Flask, address: str) -> None:
        super().__init__(server)
        self.http = httpx.Client(base_url=address, timeout=60)

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(path, headers=PAGE | headers)

    def post(self, path: str, **fields: str) -> Any:
        return self.http.post(path, data={"csrf_token": self.form_token()} | fields, headers=PAGE)

    def open(self, path: str) -> "Operator":
        self.http.get(path, headers=PAGE, follow_redirects=True).raise_for_status()
        return self

    def call(self, body: Any, *, token: str | None = None) -> Any:
        return self.http.post(CALLBACK, json=body, headers={"X-CSRFToken": self.page_token()})

    def page_token(self) -> str:
        return self.http.cookies.get("_csrf_token") or ""


class Shift:
    """What came of it: times by action, answers by status, and claims and releases that people were told of."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}
        self.statuses: Counter[int] = Counter()
        self.told: Counter[str] = Counter()
        self.guard = threading.Lock()

    def timed(self, name: str, ask: Any) -> Any:
        began = time.perf_counter()
        answer = ask()
        with self.guard:
            self.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
            self.statuses[answer.status_code] += 1
        return answer


def work(operator: Operator, shift: Shift, keys: list[int], until: float, seed: int) -> None:
    """One person's shift."""
    chance, entry = random.Random(seed), panel.callback(operator, output="queue-data.data")
    shown: Any = None
    while time.monotonic() < until:
        key = chance.choice(keys)
        query = f"&c={key}"
        values = {"queue-shown.data": shown, "live-queue.data": {"revision": 1, "hold": chance.random() < 0.5}}
        answer = shift.timed("list", lambda: panel.run(operator, entry, "live-queue.data", values, query=query))  # noqa: B023
        if answer.status_code == 200:
            shown = answer.json()["response"]["queue-data"]["data"]["order"]
        shift.timed("open", lambda: panel.refresh(operator, query=query, changed="url.search"))  # noqa: B023
        for act, said in (
            ("claim", "You are answering this conversation"),
            ("release", "You gave this conversation back"),
        ):
            done = shift.timed(act, lambda: panel.press(operator, {"type": act, "id": key}))  # noqa: B023
            with shift.guard:
                shift.told[act] += said in done.text


def check(database: Database, home: int, shift: Shift) -> int:
    """What the record says is what people were told; returns how many events that are. Fails otherwise."""
    with database.read() as db:
        events = db.execute(
            select(AuditEvent.object_id, AuditEvent.action, AuditEvent.user_id)
            .where(AuditEvent.workspace_id == home, AuditEvent.action.in_(["claim", "release"]))
            .order_by(AuditEvent.sequence)
        ).all()
    assert Counter(event.action for event in events) == shift.told, "told otherwise than recorded"
    holders: dict[int, int | None] = {}
    for key, action, user_id in events:
        assert holders.get(key) == (None if action == "claim" else user_id), "held twice"
        holders[key] = user_id if action == "claim" else None
    return len(events)


@contextmanager
def town(url: str, folder: Path) -> Iterator[tuple[Database, int, list[int], list[Operator]]]:
    """A served program with its people and conversations."""
    migrate(url)
    database = Database(url, AUDIT_KEY)
    home = add_workspace(database, "north", utc_now())
    names = [f"op{number}" for number in range(OPERATORS)]
    for name in names:
        add_member(database, home, name, "Operator", utc_now())
    keys = [add_conversation(database, home, utc_now()) for _ in range(CONVERSATIONS)]
    named = {name: value for name, value in environment(url, folder).items() if name.startswith("WATCHROOM_")}
    beside = create_app(load_settings(named))
    served = Served(url, folder)
    try:
        operators = [Operator(beside, served.address) for _ in names]
        for operator, name in zip(operators, names, strict=True):
            assert operator.sign_in(name).status_code == 302
            operator.open("/queue?workspace=north")
        yield database, home, keys, operators
    finally:
        served.stop()
        database.close()


def measure(label: str, url: str) -> None:
    """One shift on one kind of database."""
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
        with town(url, Path(folder)) as (database, home, keys, operators):
            shift, until = Shift(), time.monotonic() + SECONDS
            people = [
                threading.Thread(target=work, args=(operator, shift, keys, until, seed))
                for seed, operator in enumerate(operators)
            ]
            for person in people:
                person.start()
            for person in people:
                person.join()
            events = check(database, home, shift)
        assert set(shift.statuses) == {200}, shift.statuses
        report(f"operators, {label}, answers, all of them 200", sum(shift.statuses.values()), "")
        report(f"operators, {label}, claims and releases, none lost or doubled", events, "")
        for name, times in shift.times.items():
            report_times(f"operators, {label}, {OPERATORS} at once, {name}", times, "ms")


def main() -> None:
    """Both kinds of database."""
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
        measure("SQLite", f"sqlite:///{Path(folder) / 'operators.db'}")
    with postgres_cluster() as place, place() as url:
        measure("Postgres", url)


if __name__ == "__main__":
    main()
