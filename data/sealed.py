"""The audit chains of a backup, read where they lie: nothing is put into any database, and the file is not changed."""

import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from data.verification import READ, SQLITE_CHAIN, UNREADABLE, Raw, Report, Source, Verified, verify_source
from models.problems import BackupRefused

NUMBERS = frozenset({"id", "workspace_id", "sequence", "user_id", "session_id", "object_id"})
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def verify_backup(path: Path, key: bytes, report: Report | None = None) -> tuple[Verified, ...]:
    """Walk every chain of a backup file of either kind. Raises ``BackupRefused`` where it is none.

    Anchors are left aside: a backup ends earlier than the database that it was made of.
    """
    try:
        if zipfile.is_zipfile(path):
            return _verify_zip(path, key, report)
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            heads = {home: (number, digest) for home, number, digest in db.execute("SELECT * FROM audit_head")}
            places = {home for (home,) in db.execute("SELECT DISTINCT workspace_id FROM audit_event")}
            return verify_source(Source(heads, places, partial(_rows, db)), key, None, report)
    except (*UNREADABLE, OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BackupRefused(f"{path} is no backup ({type(error).__name__})") from None


def _rows(db: sqlite3.Connection, workspace_id: int) -> Iterator[Raw]:
    yield from db.execute(SQLITE_CHAIN, (workspace_id,))


def _verify_zip(path: Path, key: bytes, report: Report | None) -> tuple[Verified, ...]:
    with zipfile.ZipFile(path) as archive:
        columns: dict[str, list[str]] = json.loads(archive.read("about.json"))["columns"]
        lines = partial(_lines, archive)
        heads = {
            int(one["workspace_id"] or 0): (int(one["sequence"] or 0), one["digest"] or "")
            for one in (dict(zip(columns["audit_head"], line, strict=True)) for line in lines("audit_head"))
        }
        order = [columns["audit_event"].index(name) for name in READ]
        home = columns["audit_event"].index("workspace_id")
        places = {int(line[home] or 0) for line in lines("audit_event")}

        return verify_source(Source(heads, places, partial(_chain, lines, order, home)), key, None, report)


def _chain(lines: Any, order: list[int], home: int, workspace_id: int) -> Iterator[Raw]:
    wanted = str(workspace_id)
    for line in lines("audit_event"):
        if line[home] == wanted:
            yield tuple(_value(name, line[place]) for name, place in zip(READ, order, strict=True))


def _value(name: str, text: str | None) -> Any:
    if text is None:
        return None
    if name in NUMBERS:
        return int(text)
    return datetime.fromisoformat(text) if name == "at" else text


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[list[str | None]]:
    """The rows of one table in COPY's text format: tabs between, NULL as a mark, escapes with a backslash."""
    with archive.open(f"{name}.copy") as file:
        for line in TextIOWrapper(file, "utf-8", newline="\n"):
            yield [None if part == r"\N" else _ESCAPED.sub(_plain, part) for part in line.rstrip("\n").split("\t")]


def _plain(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[1], found[1])
