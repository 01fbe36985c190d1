"""One line of a file of posts, in the documented columns (docs/replay.md), made into a post."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from data.channels.texts import LONGEST_NAME, LONGEST_RAW, storable, storable_name
from models.posts import Author, Direction, Kind, Media, Post, Unreadable

COLUMNS = (
    "network_id", "sent", "text", "kind", "direction", "contact_id", "contact_handle", "contact_name", "parent_id",
    "language", "media", "edited", "version_id", "deleted", "automatic",
)  # fmt: skip

Line = Mapping[str, Any]
Shift = Callable[[datetime], datetime]

_YES = frozenset({"yes", "true", "1"})
_NO = frozenset({"", "no", "false", "0"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class BadLine(ValueError):
    """A line that cannot be read; ``str()`` is the reason, in words, without the text of the line."""


def happened(line: Line) -> datetime:
    """Give when the line became true: its deletion, its edit, or its sending. Raises ``BadLine``."""
    return _time(line, "deleted") or _time(line, "edited") or sent(line)


def sent(line: Line) -> datetime:
    """Give when the post first appeared. Raises ``BadLine``."""
    at = _time(line, "sent")
    if at is None:
        raise BadLine("sent is missing")
    return at


def post_of(line: Line, new_id: str, shift: Shift) -> Post:
    """Make a post of a line, its times moved by ``shift``. ``new_id`` names a post that the file leaves unnamed.

    Raises ``BadLine``.
    """
    identity = _name(line, "network_id") or new_id
    try:
        return Post(
            network_id=identity,
            sent=shift(sent(line)),
            text="" if _time(line, "deleted") else storable(_word(line, "text")),
            kind=_kind(line),
            direction=_direction(line),
            contact=_contact(line),
            version_id=_name(line, "version_id") or identity,
            parent_id=_name(line, "parent_id") or None,
            language=_language(line),
            media=_media(line.get("media")),
            edited=_moved(line, "edited", shift),
            deleted=_moved(line, "deleted", shift),
            automatic=_automatic(line),
        )
    except OverflowError:
        raise BadLine("its time falls outside the calendar") from None


def unreadable(raw: object, reason: str) -> Unreadable:
    """Keep what could not be read, with the reason."""
    words = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)
    return Unreadable(storable(words, LONGEST_RAW), reason)


def _word(line: Line, column: str) -> str:
    value = line.get(column)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        raise BadLine(f"{column} is not a text")
    return str(value)


def _name(line: Line, column: str) -> str:
    word = _word(line, column).strip()
    if len(word) > LONGEST_NAME:
        raise BadLine(f"{column} is longer than {LONGEST_NAME} characters")
    return storable_name(word)


def _time(line: Line, column: str) -> datetime | None:
    word = _word(line, column).strip()
    if not word:
        return None
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        raise BadLine(f"{column} is not a time in ISO 8601") from None
    if at.tzinfo is None:
        raise BadLine(f"{column} does not say its zone")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadLine(f"{column} falls outside the calendar") from None


def _moved(line: Line, column: str, shift: Shift) -> datetime | None:
    at = _time(line, column)
    return None if at is None else shift(at)


def _kind(line: Line) -> Kind:
    try:
        return Kind(_word(line, "kind").strip().lower() or Kind.PUBLIC)
    except ValueError:
        raise BadLine("kind is none of public, private and listening") from None


def _direction(line: Line) -> Direction:
    try:
        return Direction(_word(line, "direction").strip().lower() or Direction.IN)
    except ValueError:
        raise BadLine("direction is neither in nor out") from None


def _contact(line: Line) -> Author | None:
    handle = _name(line, "contact_handle").removeprefix("@")
    identity = _name(line, "contact_id") or handle.casefold()
    if not identity:
        return None
    return Author(identity, handle or identity, _name(line, "contact_name") or handle or identity)


def _language(line: Line) -> str | None:
    word = _word(line, "language").strip()
    return word if _LANGUAGE.fullmatch(word) else None


def _automatic(line: Line) -> bool:
    word = _word(line, "automatic").strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise BadLine("automatic is neither yes nor no")


def _media(value: object) -> tuple[Media, ...]:
    """Read ``photo: the words for it | video``, or in JSON a list of such texts or of ``{kind, description}``."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return tuple(_one_medium(part) for part in value.split("|") if part.strip())
    if isinstance(value, list):
        return tuple(_one_medium(part) for part in value)
    raise BadLine("media is neither a text nor a list")


def _one_medium(part: object) -> Media:
    if isinstance(part, str):
        kind, _, description = part.partition(":")
    elif isinstance(part, dict):
        kind, description = str(part.get("kind") or ""), str(part.get("description") or "")
    else:
        raise BadLine("media holds something that is neither a text nor an object")
    return Media(storable_name(kind).lower() or "file", storable(description.strip(), 4_000))
