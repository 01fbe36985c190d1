"""How files of posts are laid out: ours, and four published sets translated into our columns.

Each layout is recognised by its shape. A translation gives lines in the documented columns (docs/replay.md) and may
refuse an element with ``BadLine``; it invents nothing but what its docstring says.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.channels.lines import BadLine, Line
from data.channels.snowflake import time_of
from data.channels.texts import unescaped

HEAD = 65_536

Element = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to lay out posts in a file: ``container`` is csv, json (an array) or jsonl.

    ``sign`` is the set of columns or keys that gives it away. ``translate`` takes an element and the company asked for.
    """

    name: str
    container: str
    translate: Callable[[Element, str], list[Line]]
    sign: frozenset[str] = frozenset()


def _sent(identity: str) -> str:
    try:
        return time_of(identity).isoformat()
    except ValueError as why:
        raise BadLine(str(why)) from None


def _as_documented(element: Element, company: str) -> list[Line]:
    return [element]


def _crisislex_ids(element: Element, company: str) -> list[Line]:
    """Ids alone: no text, no author; the time is the id's. A row that stands twice stays twice."""
    identity = str(element.get("Tweet-ID") or "").strip()
    return [{"network_id": identity, "sent": _sent(identity), "text": "", "kind": "listening"}]


def _crisislex_labelled(element: Element, company: str) -> list[Line]:
    """Texts without an author; the time is the id's."""
    identity = str(element.get("Tweet ID") or "").strip()
    text = unescaped(str(element.get("Tweet Text") or ""))
    return [{"network_id": identity, "sent": _sent(identity), "text": text, "kind": "listening"}]


def _disaster_response(element: Element, company: str) -> list[Line]:
    """Messages in English. The set has no times: the number of a message is taken as its minute of 2010 (invented).

    What the public sent directly is private; what was collected from news and networks is listening.
    """
    identity = str(element.get("id") or "").strip()
    if not (identity.isascii() and identity.isdigit() and len(identity) <= 9):
        raise BadLine("id is not a number")
    return [
        {
            "network_id": identity,
            "sent": (datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=int(identity))).isoformat(),
            "text": str(element.get("message") or ""),
            "kind": "private" if element.get("genre") == "direct" else "listening",
            "language": "en",
        }
    ]


def _ibm_dialogue(element: Element, company: str) -> list[Line]:
    """One dialogue of people with one company: its own words go out, all others come in, each person their own contact.

    Every time is the id's; ``duration`` drops whole days and is not read. ``agentURL`` is the company's last answer.
    """
    header, said, last = element.get("dialogHeader"), element.get("dialogContent"), element.get("agentURL")
    if not (isinstance(header, dict) and isinstance(said, list) and isinstance(last, dict)):
        raise BadLine("the dialogue lacks its header, its content or its answer")
    ours = str(header.get("company") or "")
    if ours.casefold() != company.casefold():
        return []
    spoken = [_spoken(part, ours) for part in said]
    spoken.append((ours, str(last.get("tweet_ID") or ""), str(last.get("url_utterance") or "")))
    lines: list[Line] = []
    people: list[str] = []
    for at, (speaker, identity, text) in enumerate(spoken):
        outward = speaker == ours
        if not outward:
            people.append(speaker)
        lines.append(
            {
                "network_id": identity,
                "sent": _sent(identity),
                "text": unescaped(text),
                "direction": "out" if outward else "in",
                "contact_handle": _addressee(text, people) if outward else speaker,
                "parent_id": spoken[at - 1][1] if at else "",
            }
        )
    return lines


def _spoken(part: object, ours: str) -> tuple[str, str, str]:
    """Give speaker, id and text; the speaker stands under ``agent``, ``client`` or ``client1``."""
    if not isinstance(part, dict):
        raise BadLine("the dialogue holds something that is not a message")
    speaker = next((str(part[role]) for role in part if role not in ("datetime", "message", "tweet_ID")), "")
    if not speaker:
        raise BadLine("the dialogue holds a message that nobody said")
    return ours if "agent" in part else speaker, str(part.get("tweet_ID") or ""), str(part.get("message") or "")


def _addressee(text: str, people: list[str]) -> str:
    """Give whom the company answers: the first person of the dialogue it names, else who spoke last."""
    known = {person.casefold(): person for person in people}
    for handle in re.findall(r"@(\w+)", text):
        if handle.casefold() in known:
            return known[handle.casefold()]
    return people[-1] if people else ""


LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("csv", "csv", _as_documented),
        Layout("json", "json", _as_documented),
        Layout("jsonl", "jsonl", _as_documented),
        Layout("crisislex_ids", "csv", _crisislex_ids, frozenset({"Timestamp", "Tweet-ID"})),
        Layout("crisislex_labelled", "csv", _crisislex_labelled, frozenset({"Tweet ID", "Tweet Text"})),
        Layout("disaster_response", "csv", _disaster_response, frozenset({"id", "message", "original", "genre"})),
        Layout("ibm_dialogues", "json", _ibm_dialogue, frozenset({"dialogHeader", "dialogContent", "agentURL"})),
    )
}


def recognise(path: Path) -> Layout:
    """Tell the layout of a file from its first 64 KiB. Raises ``OSError``."""
    with path.open("rb") as file:
        head = file.read(HEAD).decode("utf-8-sig", "replace").lstrip()
    if head.startswith("["):
        return _told_by(frozenset(re.findall(r'"(\w+)"\s*:', head)), "json")
    if head.startswith("{"):
        return LAYOUTS["jsonl"]
    header = next(csv.reader(head.splitlines()[:1]), [])
    return _told_by(frozenset(column.strip() for column in header), "csv")


def _told_by(seen: frozenset[str], container: str) -> Layout:
    for layout in LAYOUTS.values():
        if layout.container == container and layout.sign and layout.sign <= seen:
            return layout
    return LAYOUTS[container]


def companies(path: Path) -> tuple[str, ...]:
    """List whose dialogues a file holds, in order of name; nothing where it holds none. Raises ``OSError``."""
    if recognise(path).name != "ibm_dialogues":
        return ()
    return tuple(sorted(set(_companies(path)), key=str.casefold))


def _companies(path: Path) -> Iterator[str]:
    for dialogue in json.loads(path.read_text("utf-8")):
        if isinstance(dialogue, dict) and isinstance(dialogue.get("dialogHeader"), dict):
            yield str(dialogue["dialogHeader"].get("company") or "")
