"""Whether the audit chains are whole: every event's digest follows from the one before, and the head from the last."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from models.audit import FIRST_DIGEST, STATED, STATED_ABOUT, AuditEvent, AuditHead, chain_digest

AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True)
class BadEvent:
    """The first place at which a chain does not hold. ``event_id`` is None where an event is missing."""

    sequence: int
    event_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """One chain: ``workspace_id`` 0 is the installation's. ``bad`` is None where it is whole."""

    workspace_id: int
    events: int
    bad: BadEvent | None


def verify(database: Database) -> tuple[Verified, ...]:
    """Walk every chain from its first event to its head, on one picture of the database."""
    with database.read() as db:
        return verify_chains(db, database.audit_key)


def verify_chains(db: Session, key: bytes) -> tuple[Verified, ...]:
    """Walk every chain that this transaction sees."""
    heads = set(db.scalars(select(AuditHead.workspace_id)))
    places = heads | set(db.scalars(select(AuditEvent.workspace_id).distinct()))
    return tuple(verify_chain(db, workspace_id, key) for workspace_id in sorted(places))


def verify_chain(db: Session, workspace_id: int, key: bytes) -> Verified:
    """Walk one chain."""
    digest, sequence = FIRST_DIGEST, 0
    for event in _events(db, workspace_id):
        if event.sequence != sequence + 1:
            return Verified(workspace_id, sequence, BadEvent(sequence + 1, None, "an event is missing"))
        facts = {name: getattr(event, name) for name in (*STATED, *STATED_ABOUT)}
        digest = chain_digest(key, digest, facts)
        sequence = event.sequence
        if digest != event.digest:
            why = "it was changed, or sealed with another WATCHROOM_AUDIT_KEY"
            return Verified(workspace_id, sequence - 1, BadEvent(sequence, event.id, why))
    head = db.get(AuditHead, workspace_id)
    if head is None or (head.sequence, head.digest) != (sequence, digest):
        kept = head.sequence if head is not None else 0
        why = "the events after it are missing" if kept > sequence else "the chain's head was changed"
        return Verified(workspace_id, sequence, BadEvent(sequence + 1, None, why))
    return Verified(workspace_id, sequence, None)


def _events(db: Session, workspace_id: int) -> Iterator[AuditEvent]:
    """In order, a stretch at a time: a chain may be longer than memory."""
    last = -1
    while True:
        wanted = select(AuditEvent).where(AuditEvent.workspace_id == workspace_id, AuditEvent.sequence > last)
        events = list(db.scalars(wanted.order_by(AuditEvent.sequence).limit(AT_A_TIME)))
        if not events:
            return
        yield from events
        last = events[-1].sequence
        db.expunge_all()
