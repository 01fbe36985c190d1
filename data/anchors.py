"""Where each audit chain ended, minute by minute, in a file beside the database: so that a cut tail is found.

A line is JSON: when, and the chains that grew since the line before (workspace, sequence, digest), sealed under the audit
key together with the seal of the line before. Nothing is ever taken from the file. A line that broke off (no power) is
passed over: the next one follows from the last whole one.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from data.database import Database
from models.audit import FIRST_DIGEST, AuditHead, seal
from models.base import canonical

log = structlog.get_logger()

Heads = Mapping[int, tuple[int, str]]
"""By workspace: the sequence and the digest of the chain's last event."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one line says: at ``at`` these chains ended so. A ``restored`` one begins anew: what was before counts no more."""

    at: datetime
    heads: Heads
    restored: bool


@dataclass(slots=True)
class Anchored:
    """A file read to its end: the newest head of each chain and when it stood, and what is wrong with the file, if anything."""

    heads: dict[int, tuple[int, str, datetime]] = field(default_factory=dict)
    newest: datetime | None = None
    seal: str = FIRST_DIGEST
    lines: int = 0
    problem: str = ""

    def take(self, anchor: Anchor) -> None:
        """One more line."""
        if anchor.restored:
            self.heads.clear()
        self.heads |= {home: (sequence, digest, anchor.at) for home, (sequence, digest) in anchor.heads.items()}
        self.newest = anchor.at
        self.lines += 1


def anchor_path(url: str, var: Path) -> Path:
    """The file: beside the database's own on SQLite, in ``var`` for a database on a server."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database and address.database != ":memory:":
        return Path(f"{address.database}.anchors")
    return var / f"{address.database or 'watchroom'}.anchors"


def read_anchors(path: Path, key: bytes) -> Anchored:
    """The file from its first line to its last, a line at a time. A missing file says nothing."""
    found = Anchored()
    if not path.exists():
        return found
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                facts = json.loads(line)
                anchor, sealed = _anchor(facts), str(facts["seal"])
            except (ValueError, KeyError, TypeError):
                continue
            if sealed != _seal(key, found.seal, facts):
                found.problem = f"line {number} of {path.name} was changed, or the line before it is missing"
                return found
            found.seal = sealed
            found.take(anchor)
    return found


def _anchor(facts: dict[str, Any]) -> Anchor:
    heads = {int(home): (int(sequence), str(digest)) for home, sequence, digest in facts["heads"]}
    return Anchor(datetime.fromisoformat(facts["at"]), heads, bool(facts.get("restored")))


def _seal(key: bytes, before: str, facts: Mapping[str, Any]) -> str:
    stated = {name: value for name, value in facts.items() if name != "seal"}
    return seal(key, f"anchor\n{before}\n{canonical(stated)}")


def heads_of(db: Session) -> dict[int, tuple[int, str]]:
    """Where every chain ends in this picture of the database."""
    rows = db.execute(select(AuditHead.workspace_id, AuditHead.sequence, AuditHead.digest))
    return {home: (sequence, digest) for home, sequence, digest in rows}


class Anchors:
    """Writes the file. What it wrote last is remembered; where somebody else wrote since, it is read again."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._known: Anchored | None = None
        self._size = -1

    def drop(self, at: datetime, *, restored: bool = False) -> bool:
        """Anchor every chain that grew since the last time; whether any had. The log says so too: it may lie elsewhere.

        ``restored`` begins anew, after a backup was put back: its chains may be shorter than those before. Raises
        ``OSError``; a file that was tampered with is left alone and the log says so.
        """
        with self._database.read() as db:
            heads = heads_of(db)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with open(self._path, "ab", opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = self._read(os.fstat(file.fileno()).st_size)
            if known.problem:
                log.error("the audit's anchors do not hold", problem=known.problem)
                return False
            grown = heads if restored else {h: end for h, end in heads.items() if end != known.heads.get(h, ())[:2]}
            if not grown:
                return False
            self._write(file, known, Anchor(at, grown, restored))
        log.info("audit anchored", counts=sorted([home, sequence] for home, (sequence, _) in grown.items()))
        return True

    def begin_anew_where_empty(self) -> None:
        """Take away the anchors of a database of the same name that is gone. For demonstrations, which are thrown away."""
        with self._database.read() as db:
            if not heads_of(db):
                self._path.unlink(missing_ok=True)

    def _read(self, size: int) -> Anchored:
        if self._known is None or size != self._size:
            self._known = read_anchors(self._path, self._database.audit_key)
        return self._known

    def _write(self, file: Any, known: Anchored, anchor: Anchor) -> None:
        facts: dict[str, Any] = {
            "at": anchor.at.isoformat(),
            "heads": [[home, sequence, digest] for home, (sequence, digest) in sorted(anchor.heads.items())],
        }
        if anchor.restored:
            facts["restored"] = True
        facts["seal"] = _seal(self._database.audit_key, known.seal, facts)
        begins = b"\n" if self._broke_off() else b""
        file.write(begins + canonical(facts).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        known.seal = facts["seal"]
        known.take(anchor)
        self._size = os.fstat(file.fileno()).st_size

    def _broke_off(self) -> bool:
        """Whether the last line has no end."""
        with self._path.open("rb") as file:
            if not file.seek(0, os.SEEK_END):
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
