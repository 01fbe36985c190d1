"""A file of posts, indexed once by time, so that a poll reads only the lines it gives.

The index is four arrays (26 bytes a line): when a line became true, where its element starts, how long it is, and
which line of its element it is. Elements are a row of CSV, a line of JSONL or an object of a JSON array.
"""

import csv
import hashlib
import json
import mmap
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from data.channels.adapters import LAYOUTS, Layout, recognise
from data.channels.lines import BadLine, Line, happened, sent, unreadable
from data.channels.texts import LONGEST_RAW
from models.posts import Unreadable

LONGEST_ELEMENT = 1_048_576
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_JSON_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]', re.DOTALL)


@dataclass(slots=True)
class Recording:
    """A file and its index. ``first`` is the earliest sending in it (microseconds since 1970)."""

    path: Path
    layout: Layout
    company: str
    fingerprint: str
    header: tuple[str, ...] = ()
    first: int = 0
    times: "array[int]" = field(default_factory=lambda: array("q"))
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    lengths: "array[int]" = field(default_factory=lambda: array("q"))
    parts: "array[int]" = field(default_factory=lambda: array("H"))

    def __len__(self) -> int:
        """Count the lines, readable or not."""
        return len(self.times)

    def due(self, until: int) -> int:
        """Count the lines that became true up to ``until`` (microseconds since 1970)."""
        return bisect_right(self.times, until)

    def read(self, begin: int, end: int) -> Iterator[Line | Unreadable]:
        """Give the lines at positions ``begin`` to ``end``, in order of time. Raises ``OSError``."""
        with self.path.open("rb") as file:
            for position in range(begin, end):
                file.seek(self.starts[position])
                raw = file.read(min(self.lengths[position], LONGEST_ELEMENT))
                yield self._line(raw, self.lengths[position], self.parts[position])

    def _line(self, raw: bytes, length: int, part: int) -> Line | Unreadable:
        try:
            return self.lines_of(raw, length)[part]
        except BadLine as why:
            return unreadable(raw[: LONGEST_RAW * 4].decode("utf-8", "replace"), str(why))

    def lines_of(self, raw: bytes, length: int) -> list[Line]:
        """Read one element. Raises ``BadLine``."""
        if length > LONGEST_ELEMENT:
            raise BadLine(f"it is longer than {LONGEST_ELEMENT} bytes")
        element = self._row(raw) if self.layout.container == "csv" else _object(raw)
        return self.layout.translate(element, self.company)

    def _row(self, raw: bytes) -> dict[str, Any]:
        row = _cells(raw)
        if len(row) > len(self.header):
            raise BadLine("it has more columns than the header")
        return dict(zip(self.header, row, strict=False))


def microseconds(at: datetime) -> int:
    """Count the microseconds since 1970, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def open_recording(path: Path, layout: str, company: str) -> Recording:
    """Index a file, or give the index made before where the file has not changed since. Raises ``OSError``."""
    state = path.stat()
    return _indexed(path, layout, company, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _indexed(path: Path, layout: str, company: str, changed: int, size: int) -> Recording:
    chosen = LAYOUTS[layout] if layout else recognise(path)
    recording = Recording(path, chosen, company, _fingerprint(path, size, chosen.name, company))
    with path.open("rb") as file:
        _fill(recording, _elements(recording, file, size))
    return recording


def _fingerprint(path: Path, size: int, *reading: str) -> str:
    """Name the content and the way it is read, so that a change of either is read from the beginning."""
    with path.open("rb") as file:
        head = file.read(65_536)
        file.seek(max(0, size - 65_536))
        return hashlib.blake2b(head + file.read(65_536) + repr((size, *reading)).encode(), digest_size=8).hexdigest()


def _elements(recording: Recording, file: BinaryIO, size: int) -> Iterator[tuple[int, int, bytes]]:
    if size == 0:
        return
    if recording.layout.container == "json":
        yield from _objects(file)
        return
    rows = _rows(file, quoted=recording.layout.container == "csv")
    if recording.layout.container == "csv":
        _, _, raw = next(rows, (0, 0, b""))
        recording.header = tuple(_header(raw))
    yield from rows


def _header(raw: bytes) -> list[str]:
    try:
        return [column.strip() for column in _cells(raw.removeprefix(b"\xef\xbb\xbf"))]
    except BadLine:
        return []


def _fill(recording: Recording, elements: Iterator[tuple[int, int, bytes]]) -> None:
    """Index every line; one that cannot be read takes the time of the line before it, and comes to light when read."""
    now: int | None = None
    earliest: int | None = None
    for start, length, raw in elements:
        try:
            lines = recording.lines_of(raw, length)
        except BadLine:
            lines = [{}]
        for part, line in enumerate(lines):
            try:
                now, first = microseconds(happened(line)), microseconds(sent(line))
                earliest = first if earliest is None else min(earliest, first)
            except BadLine:
                pass
            recording.times.append(-(2**62) if now is None else now)
            recording.starts.append(start)
            recording.lengths.append(length)
            recording.parts.append(part)
    recording.first = earliest or 0
    _sort(recording)


def _sort(recording: Recording) -> None:
    times = recording.times
    order = sorted(range(len(times)), key=times.__getitem__)
    recording.times = array("q", (times[at] for at in order))
    recording.starts = array("q", (recording.starts[at] for at in order))
    recording.lengths = array("q", (recording.lengths[at] for at in order))
    recording.parts = array("H", (recording.parts[at] for at in order))


def _rows(file: BinaryIO, quoted: bool) -> Iterator[tuple[int, int, bytes]]:
    """Give start, length and bytes of each row; a quoted cell may hold line ends.

    A quote that is never closed costs its own line only: reading goes on after it.
    """
    begin = 0
    while line := file.readline(LONGEST_ELEMENT + 1):
        row, after = line, begin + len(line)
        while quoted and row.count(b'"') % 2 and len(row) <= LONGEST_ELEMENT:
            further = file.readline(LONGEST_ELEMENT + 1)
            if not further:
                break
            row += further
        if quoted and row.count(b'"') % 2:
            row = line
            file.seek(after)
        if len(row) > LONGEST_ELEMENT and not row.endswith(b"\n"):
            _skip_line(file)
        if row.strip():
            yield begin, len(row), row
        begin = file.tell()


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(LONGEST_ELEMENT)) and not rest.endswith(b"\n"):
        pass


def _objects(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Give start, length and bytes of each object of the outer array; an unclosed one reaches to the end."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        depth = start = 0
        for token in _JSON_TOKEN.finditer(view):
            mark = token.group()[:1]
            if mark in b"{[":
                depth += 1
                start = token.start() if depth == 2 else start
            elif mark in b"}]":
                depth -= 1
                if depth == 1:
                    yield start, token.end() - start, view[start : min(token.end(), start + LONGEST_ELEMENT)]
        if depth > 1:
            yield start, len(view) - start, view[start : start + LONGEST_ELEMENT]


def _cells(raw: bytes) -> list[str]:
    try:
        return next(csv.reader([raw.decode("utf-8")]), [])
    except UnicodeDecodeError:
        raise BadLine("it is not UTF-8") from None
    except csv.Error as why:
        raise BadLine(f"it is not CSV: {why}") from None


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadLine("it is not JSON") from None
    if not isinstance(found, dict):
        raise BadLine("it is not an object")
    return found
