"""What a long audit costs: seconds to verify it whole, and milliseconds for a page of its search, at any length.

Run with ``python -m bench.audit [events]``: a million where nothing is said. The events are sealed as ours are.
"""

import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert, update

from bench.report import report, report_times
from data.administration import create_workspace
from data.database import Database, migrate
from data.queries.audit import audit
from data.verification import verify
from models.audit import COMMAND, AuditEvent, AuditHead, chain_digest
from models.auditing import AuditFilters
from models.base import EPOCH
from models.permissions import Permission, Scope

KEY = b"k" * 32
BEGAN = EPOCH + timedelta(days=20_000)
PEOPLE = 40
ACTIONS = ("claim", "release", "view", "see", "intake.page", "close", "assess", "assign", "hand over")


def main(arguments=()):
    count = next((int(word) for word in arguments if word.isdigit()), 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'audit.db'}"
        migrate(url)
        database = Database(url, KEY)
        home = create_workspace(database, "north", "North", BEGAN, COMMAND)
        fill(database, home, count)
        began = perf_counter()
        found = verify(database)
        seconds = perf_counter() - began
        assert all(one.bad is None for one in found), found
        report(f"audit, {count:,} events verified", seconds, "s")
        search(database, home, count)
        database.close()


def search(database, home, count):
    """A page of the search, each filter by itself and two together, at the newest end and in the middle."""
    scope = Scope(home, "north", frozenset({Permission.READ_AUDIT}), 1, "Somebody")
    now, day = BEGAN + count * timedelta(seconds=7), (BEGAN + count // 2 * timedelta(seconds=7)).date()
    for name, filters in {
        "all": AuditFilters(period="all"),
        "a person": AuditFilters(period="all", person="Person 7"),
        "a rare action": AuditFilters(period="all", action="merge"),
        "a conversation": AuditFilters(period="all", kind="conversation", number=77),
        "a day in the middle": AuditFilters(period="custom", first=day, last=day),
        "a person and a rare action": AuditFilters(period="all", person="Person 7", action="merge"),
        "a person on a day": AuditFilters(period="custom", first=day, last=day, person="Person 7"),
    }.items():
        times = []
        for _ in range(30):
            began = perf_counter()
            audit(database, scope, filters, now)
            times.append((perf_counter() - began) * 1000)
        report_times(f"audit, page of {name} among {count:,}", times, "ms")


def fill(database, home, count):
    """A chain of ``count`` events, of a desk's usual kinds, every seven seconds."""
    with database.write() as db:
        head = db.get_one(AuditHead, home)
        digest, number = head.digest, head.sequence
        next_id = max(db.query(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(1).scalar(), 0)
        rows = []
        for step in range(count):
            number, next_id = number + 1, next_id + 1
            rows.append(event(home, number, step) | {"id": next_id})
            digest = rows[-1]["digest"] = chain_digest(KEY, digest, rows[-1])
            if len(rows) == 10_000 or step == count - 1:
                db.execute(insert(AuditEvent.__table__), rows)
                rows = []
        db.execute(update(AuditHead).where(AuditHead.workspace_id == home).values(sequence=number, digest=digest))


def event(home, number, step):
    user = step % PEOPLE + 1
    action = ACTIONS[step % len(ACTIONS)] if step % 5_003 else "merge"
    return {
        "workspace_id": home,
        "sequence": number,
        "at": BEGAN + step * timedelta(seconds=7),
        "actor": f"Person {user}",
        "user_id": user,
        "session_id": 1_000 + user,
        "address": f"192.0.2.{user}",
        "action": action,
        "object": "conversation",
        "object_id": step % 30_011 + 1,
        "before": {"holder": None, "state": "open"},
        "after": {"holder": user, "state": "open", "grade": "priority"},
        "reason": "",
    }


if __name__ == "__main__":
    main()
