"""Looking for words in everything of one workspace: the newest conversations whose texts hold them.

Each source (messages, contacts ...) has an index of words (``models/search_index.py``) and here what its hits lead to. Of
very many hits only the newest are looked at, so that a common word costs the same at any history; the answer says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, column, func, select, text
from sqlalchemy.orm import Session

from data.queries.narrowing import Names, conditions
from models.base import Key
from models.conversation import Contact, Conversation, Message
from models.notes import Note
from models.search import Sought, excerpt, match_expression, spans, tsquery
from models.search_index import CONTACTS, MESSAGES, NOTES, WORDS, Source, home
from models.snapshots import Found

MOST_HITS = 1_000
"""Hits of one source that are looked at."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A source: how its rows lead to conversations, when each was said, and the text that is shown.

    ``joined`` is the condition that ties the row to its conversation.
    """

    source: Source
    entity: Any
    joined: Any
    at: Any
    shown: Any


LOOKED: tuple[Looked, ...] = (
    Looked(MESSAGES, Message, Message.conversation_id == Conversation.id, Message.sent, Message.text),
    Looked(
        CONTACTS,
        Contact,
        Contact.id == Conversation.contact_id,
        Conversation.last_at,
        Contact.name + " " + Contact.handle,
    ),
    Looked(NOTES, Note, Note.conversation_id == Conversation.id, Note.written, Note.text),
)
"""Every source that a search looks through. A new one is a line here and one in ``models/search_index.py``."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that holds the words."""

    conversation_id: int
    at: datetime
    looked: Looked
    key: int


@dataclass(frozen=True, slots=True)
class Hits:
    """One hit for each conversation, its newest, in the order of time; ``looked_at`` as in ``Queue``."""

    found: tuple[Hit, ...]
    looked_at: int | None


def look(db: Session, workspace_id: int, asked: Sought, narrowed: dict[str, Any]) -> Hits:
    """The conversations of the workspace that hold every term in one text, within the filters; newest hit first."""
    if not asked.terms:
        return Hits((), None)
    dialect = db.get_bind().dialect.name
    words = match_expression(asked, home(workspace_id)) if dialect == "sqlite" else tsquery(asked)
    values = {"home": workspace_id, "words": words, "most": MOST_HITS} | narrowed
    newest: dict[int, Hit] = {}
    full = False
    for looked in LOOKED:
        statement = _hits(dialect, looked, tuple(sorted(narrowed)))
        rows = db.connection().execute(statement, values).all()
        hits = rows[0].hits if rows else db.connection().scalar(_number(dialect, looked.source), values)
        full = full or hits == MOST_HITS
        for row in rows:
            hit = Hit(row.conversation_id, row.at, looked, row.id)
            known = newest.get(hit.conversation_id)
            if known is None or hit.at > known.at:
                newest[hit.conversation_id] = hit
    ordered = sorted(newest.values(), key=lambda hit: (hit.at, hit.conversation_id), reverse=True)
    return Hits(tuple(ordered), MOST_HITS if full else None)


@cache
def _hits(dialect: str, looked: Looked, names: Names) -> Select[Any]:
    """The newest hits of a source first, then what they lead to."""
    found = text(_newest(dialect, looked.source)).columns(column("id", Key), column("hits", Key)).subquery("found")
    return (
        select(looked.entity.id, Conversation.id.label("conversation_id"), looked.at.label("at"), found.c.hits)
        .select_from(found)
        .join(looked.entity, looked.entity.id == found.c.id)
        .join(Conversation, looked.joined)
        .where(
            looked.entity.workspace_id == bindparam("home"),
            Conversation.workspace_id == bindparam("home"),
            *conditions(names),
        )
    )


@cache
def _number(dialect: str, source: Source) -> Any:
    """How many hits were looked at, where the filters left none of them."""
    return select(func.count()).select_from(text(_newest(dialect, source)).columns(column("id", Key)).subquery())


def _newest(dialect: str, source: Source) -> str:
    """Keys of the newest rows that hold the words, and how many these are. Names are ours; values are bound."""
    if dialect == "sqlite":
        inner = (
            f"SELECT rowid AS id FROM {source.index} WHERE {source.index} MATCH :words ORDER BY rowid DESC LIMIT :most"  # noqa: S608  # nosec B608
        )
    else:
        inner = (
            f"SELECT id FROM {source.table} WHERE workspace_id = :home "  # noqa: S608  # nosec B608
            f"AND {WORDS} @@ CAST(:words AS tsquery) ORDER BY id DESC LIMIT :most"
        )
    return f"SELECT id, count(*) OVER () AS hits FROM ({inner}) AS newest"  # noqa: S608  # nosec B608


def excerpts(db: Session, asked: Sought, hits: Iterable[Hit]) -> dict[int, Found]:
    """What is shown of each hit, by conversation: the words are marked where they stand."""
    by_source: dict[Looked, list[Hit]] = {}
    for hit in hits:
        by_source.setdefault(hit.looked, []).append(hit)
    found: dict[int, Found] = {}
    for looked, some in by_source.items():
        texts = _texts(db, looked, [hit.key for hit in some])
        for hit in some:
            shown, marked = excerpt(texts[hit.key], spans(asked, texts[hit.key]))
            found[hit.conversation_id] = Found(looked.source.table, hit.at, shown, marked)
    return found


def _texts(db: Session, looked: Looked, keys: Sequence[int]) -> dict[int, str]:
    statement = select(looked.entity.id, looked.shown.label("shown")).where(looked.entity.id.in_(keys))
    return {row.id: row.shown for row in db.connection().execute(statement)}
