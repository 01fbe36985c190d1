"""The audit table in the hands of somebody with the database but without the key: whatever they do to it is found.

The triggers are dropped first, and every tampering is made in a transaction of its own that is taken back.
"""

import hashlib
import json
import random
from datetime import timedelta

import pytest
from sqlalchemy import text

from data.anchors import Anchors, read_anchors
from data.audit import change
from data.verification import READ, verify, verify_chains
from models.audit import COMMAND, FIRST_DIGEST, Actor
from models.workspace import Topic
from tests.rows import AUDIT_KEY, NOW, add_user, add_workspace, open_database

FULL = 1_000
EVENTS = 60


@pytest.fixture
def kept(database_url, tmp_path):
    """A database with two workspaces and its anchors."""
    database = open_database(database_url)
    homes = [add_workspace(database, slug) for slug in ("north", "south")]
    user_id = add_user(database)
    for number in range(EVENTS):
        at = NOW + number * timedelta(seconds=7)
        actor = Actor("Ann", user_id, 5, "192.0.2.7") if number % 3 else COMMAND
        with change(database, homes[number % 2], actor, at) as c:
            c.db.add(Topic(workspace_id=homes[number % 2], word=f"word {number}", audit_id=0))
            facts = {"word": f"word {number}", "rank": number % 4}
            c.state("add", "topic", number, before=None if number % 2 else {"rank": 3}, after=facts, reason="“so”\n")
    path = tmp_path / "anchors"
    Anchors(database, path).drop(NOW)
    yield database, read_anchors(path, AUDIT_KEY)
    database.close()


class Attacker:
    """Somebody with the database's file or its password."""

    def __init__(self, db, sqlite, chance):
        self.db, self.sqlite, self.chance = db, sqlite, chance

    def open_up(self):
        if self.sqlite:
            for name in ("no_update", "no_delete", "no_replace"):
                self.db.execute(text(f"DROP TRIGGER audit_event_{name}"))
            self.db.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            self.db.execute(text("SET LOCAL session_replication_role = replica"))

    def rows(self, home):
        names = ", ".join(f'"{name}"' for name in READ)
        wanted = f"SELECT {names} FROM audit_event WHERE workspace_id = :home ORDER BY sequence"
        return [dict(row._mapping) for row in self.db.execute(text(wanted), {"home": home})]

    def write(self, row, **values):
        named = ", ".join(f'"{name}" = :{name}' for name in values)
        self.db.execute(text(f"UPDATE audit_event SET {named} WHERE id = :of"), {"of": row["id"], **values})

    def add(self, row):
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(f":{name}" for name in row)
        self.db.execute(text(f"INSERT INTO audit_event ({names}) VALUES ({marks})"), row)

    def move_head(self, home):
        """Make the chain's head fit what stands there now."""
        rows = self.rows(home)
        end = (rows[-1]["sequence"], rows[-1]["digest"]) if rows else (0, FIRST_DIGEST)
        self.db.execute(
            text("UPDATE audit_head SET sequence = :number, digest = :digest WHERE workspace_id = :home"),
            {"number": end[0], "digest": end[1], "home": home},
        )

    # Each act returns the sequence of the first event that does not hold.

    def flip(self, home):
        """One value of one event, by as little as one letter or one microsecond."""
        row = self.chance.choice(self.rows(home))
        name = self.chance.choice([one for one in READ if one not in {"workspace_id", "sequence"}])
        self.write(row, **{name: self._other(name, row[name])})
        return row["sequence"]

    def _other(self, name, value):
        if name == "id":
            return 1_000_000 + self.chance.randrange(1_000)
        if name == "at":
            return value + 1 if isinstance(value, int) else value + timedelta(microseconds=1)
        if name in {"user_id", "session_id", "object_id"}:
            return 1 if value is None else self.chance.choice([None, value + 1])
        if name in {"before", "after"} and (value is None or self.chance.random() < 0.3):
            return json.dumps({"rank": 9}) if value is None else value.replace(":", ": ", 1)
        if not value:
            return "x"
        place = self.chance.randrange(len(value))
        letter = self.chance.choice([one for one in "abcdef0123" if one != value[place]])
        return value[:place] + letter + value[place + 1 :]

    def delete(self, home):
        row = self.chance.choice(self.rows(home))
        self.db.execute(text("DELETE FROM audit_event WHERE id = :of"), {"of": row["id"]})
        if self.chance.random() < 0.5:
            self.move_head(home)
        return row["sequence"]

    def delete_and_close_up(self, home):
        """The events after it move up by one, so that no number is missing."""
        rows = self.rows(home)
        gone = self.chance.randrange(len(rows) - 1)
        self.db.execute(text("DELETE FROM audit_event WHERE id = :of"), {"of": rows[gone]["id"]})
        for row in rows[gone + 1 :]:
            self.write(row, sequence=row["sequence"] - 1)
        self.move_head(home)
        return rows[gone]["sequence"]

    def swap(self, home):
        """Two events change places: their numbers in the chain, or all that they say."""
        first, second = sorted(self.chance.sample(self.rows(home), 2), key=lambda row: row["sequence"])
        if self.chance.random() < 0.5:
            self.write(first, sequence=-1)
            self.write(second, sequence=first["sequence"])
            self.write(first, sequence=second["sequence"])
        else:
            said = [name for name in READ if name not in {"id", "sequence", "workspace_id", "digest"}]
            self.write(first, **{name: second[name] for name in said})
            self.write(second, **{name: first[name] for name in said})
        return first["sequence"]

    def swap_numbers(self, home):
        """Two events change the numbers by which rows name them."""
        first, second = sorted(self.chance.sample(self.rows(home), 2), key=lambda row: row["sequence"])
        self.write(first, id=-1)
        self.db.execute(text("UPDATE audit_event SET id = :to WHERE id = :of"), {"to": first["id"], "of": second["id"]})
        self.db.execute(text("UPDATE audit_event SET id = :to WHERE id = -1"), {"to": second["id"]})
        return first["sequence"]

    def insert(self, home):
        """An event that never was, at the end, in between or before all others."""
        rows = self.rows(home)
        place = self.chance.randrange(len(rows) + 1)
        for row in reversed(rows[place:]):
            self.write(row, sequence=row["sequence"] + 1)
        digest = hashlib.sha256(str(self.chance.random()).encode()).hexdigest()
        self.add({**self.chance.choice(rows), "id": 2_000_000, "sequence": place + 1, "digest": digest})
        self.move_head(home)
        return place + 1

    def cut(self, home):
        """The end of the chain goes, and its head is moved to fit."""
        rows = self.rows(home)
        kept = self.chance.randrange(len(rows))
        self.db.execute(
            text("DELETE FROM audit_event WHERE workspace_id = :home AND sequence > :kept"),
            {"home": home, "kept": kept},
        )
        self.move_head(home)
        return kept + 1

    def seal_again(self, home):
        """An event is changed and the whole chain after it sealed anew, with a key of the attacker's own."""
        rows = self.rows(home)
        place = self.chance.randrange(len(rows))
        before = rows[place - 1]["digest"] if place else FIRST_DIGEST
        for row in rows[place:]:
            reason = "forged" if row is rows[place] else row["reason"]
            before = hashlib.sha256(f"{before}{row['id']}{reason}".encode()).hexdigest()
            self.write(row, reason=reason, digest=before)
        self.move_head(home)
        return rows[place]["sequence"]

    def move_away(self, home):
        """An event is put into another chain."""
        row = self.chance.choice(self.rows(home))
        self.write(row, workspace_id=777)
        return row["sequence"]


ACTS = (
    *("flip", "delete", "delete_and_close_up", "swap", "swap_numbers"),
    *("insert", "cut", "seal_again", "move_away"),
)


def tamper(database, anchored, chance, act, key=AUDIT_KEY):
    """Do it, verify, take it back. Returns what was to be found and what was."""
    with database._write() as db:
        attacker = Attacker(db, database.sqlite, chance)
        attacker.open_up()
        home = (
            chance.choice([0, 1, 2])
            if act not in {"swap", "swap_numbers", "delete_and_close_up"}
            else chance.choice([1, 2])
        )
        right = getattr(attacker, act)(home)
        found = {one.workspace_id: one.bad for one in verify_chains(db, key, anchored)}
        db.rollback()
    return (home, right), found


def test_every_tampering_is_found_and_its_first_event_named(kept, rounds):
    database, anchored = kept
    chance = random.Random(1)
    missed = []
    for number in range(rounds(FULL)):
        act = ACTS[number % len(ACTS)]
        (home, right), found = tamper(database, anchored, chance, act)
        if found[home] is None or found[home].sequence != right:
            missed.append((number, act, home, right, found[home]))
    assert missed == []
    assert all(one.bad is None for one in verify(database, anchored)), "and what was taken back holds"


def test_a_verifier_without_anchors_would_miss_a_cut_tail(kept):
    """The planted fault: it is the file outside the database that finds it."""
    database, _ = kept
    chance = random.Random(2)
    seen = [tamper(database, None, chance, "cut") for _ in range(20)]
    assert all(found.get(home) is None for (home, _), found in seen)


def test_a_plain_hash_would_let_a_chain_be_sealed_again(kept, monkeypatch):
    """The planted fault: without a key in the seal, the attacker's own chain holds."""
    database, _ = kept
    monkeypatch.setattr("data.verification.seal", lambda _key, said: hashlib.sha256(said.encode()).hexdigest())
    monkeypatch.setattr("data.verification._stated", lambda event, numbered: f"{event[0]}{event[13]}")
    with database._write() as db:
        attacker = Attacker(db, database.sqlite, random.Random(3))
        attacker.open_up()
        before = FIRST_DIGEST
        for row in attacker.rows(1):
            said = f"{before}\n{row['id']}forged"
            before = hashlib.sha256(said.encode()).hexdigest()
            attacker.write(row, reason="forged", digest=before)
        attacker.move_head(1)
        assert {one.workspace_id: one.bad for one in verify_chains(db, AUDIT_KEY)}[1] is None
        db.rollback()
