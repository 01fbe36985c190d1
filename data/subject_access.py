"""The subject-access pack: all that is held of one contact, as they may ask for it. A person reads it before it is given."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from data.audit import change
from data.database import Database
from data.erasing import Erasure, held_of, payloads
from models.assessing import Assessment
from models.audit import Actor
from models.claims import HandOver
from models.conversation import Episode, Turn
from models.decisions import Decision
from models.drafts import Draft
from models.incidents import IncidentConversation, MethaneEvidence
from models.notes import Note, NoteVersion

LEFT_OUT = frozenset({"workspace_id", "audit_id"})
"""Columns that say nothing of a person."""


def access_pack(database: Database, workspace_id: int, contact_id: int, at: datetime, actor: Actor) -> dict[str, Any]:
    """Every row about a contact and those merged with them, by table, as JSON; times are UTC. One event says it was made.

    Colleagues are numbers there. Raises ``NotFound``.
    """
    with change(database, workspace_id, actor, at) as c:
        c.quiet = True
        held = held_of(c, database.audit_key, contact_id)
        found = {name: [_plain(row) for row in rows] for name, rows in _tables(held)}
        c.state("access pack", "contact", contact_id, after={name: len(rows) for name, rows in found.items() if rows})
    return {"contact": contact_id, "made": at.isoformat(), **found}


def _tables(held: Erasure) -> Iterable[tuple[str, Iterable[Any]]]:
    keys = [one.id for one in held.conversations]
    messages = [one.id for one in held.messages]
    notes = list(held.rows(Note, Note.conversation_id, keys))
    yield "contacts", held.contacts
    yield "conversations", held.conversations
    yield "messages", held.messages
    yield "earlier_versions", held.versions
    yield "replies", held.replies
    yield "merges", held.merges
    yield "notes", notes
    yield "earlier_notes", held.rows(NoteVersion, NoteVersion.note_id, [one.id for one in notes])
    for name, entity in (
        ("drafts", Draft),
        ("hand_overs", HandOver),
        ("assessments", Assessment),
        ("decisions", Decision),
        ("turns", Turn),
        ("episodes", Episode),
        ("incidents", IncidentConversation),
    ):
        yield name, held.rows(entity, entity.conversation_id, keys)
    yield "cited_in_reports", held.rows(MethaneEvidence, MethaneEvidence.message_id, messages)
    yield "unread_payloads", payloads(held)


def _plain(row: Any) -> dict[str, Any]:
    names = [column.name for column in row.__table__.columns if column.name not in LEFT_OUT]
    values = {name: getattr(row, name) for name in names}
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()}
