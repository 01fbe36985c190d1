"""What happened to a conversation, beside what was said in it: from the record, with names for keys."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.practice import Practice
from models.audit import AuditEvent
from models.claims import HandOver
from models.people import User
from models.snapshots import ThreadEvent
from models.workspace import Team

MOST_EVENTS = 200
NOT_TOLD = ("view", "note", "merge", "unmerge")
"""Actions that belong on the record and not between the messages, or that a note or a merge shows itself."""
PEOPLE = ("holder", "to")
"""What an event states of people: their keys, in ``before`` and ``after``."""


def happened(
    db: Session,
    ways: Practice,
    conversation_ids: Collection[int],
    messages: Sequence[Any],
    beside: Iterable[ThreadEvent] = (),
) -> list[ThreadEvent]:
    """What happened to a thread's conversations since the first message shown, in the order of time: the newest 200.

    ``beside`` is what else is to be told.
    """
    found = [*_stated(db, ways.workspace_id, list(conversation_ids)), *_graded(ways, messages), *beside]
    begins = messages[0].sent if messages else None
    return sorted((one for one in found if begins is None or one.at >= begins), key=lambda one: one.at)[-MOST_EVENTS:]


def _stated(db: Session, workspace_id: int, conversation_ids: list[int]) -> Iterator[ThreadEvent]:
    """Who did what when; only words of what came of it and names, and nothing of who asked from where."""
    rows = (
        db.connection()
        .execute(
            select(
                AuditEvent.at,
                AuditEvent.action,
                AuditEvent.actor,
                AuditEvent.before,
                AuditEvent.after,
                AuditEvent.reason,
            )
            .where(
                AuditEvent.workspace_id == workspace_id,
                AuditEvent.object == "conversation",
                AuditEvent.object_id.in_(conversation_ids),
                AuditEvent.action.not_in(NOT_TOLD),
            )
            .order_by(AuditEvent.id.desc())
            .limit(MOST_EVENTS)
        )
        .all()
    )
    people = _names(db, User, (key for row in rows for key in _keys(row, PEOPLE)))
    teams = _names(db, Team, (key for row in rows for key in _keys(row, ("team",))))
    notes = _notes(db, workspace_id, conversation_ids) if any("note" in (row.after or ()) for row in rows) else {}
    for row in rows:
        yield ThreadEvent(row.at, row.action, row.actor, tuple(_detail(row, people, teams, notes)))


def _detail(
    row: Any, people: dict[int, str], teams: dict[int, str], notes: dict[int, str]
) -> Iterator[tuple[str, str]]:
    before, after = (facts if isinstance(facts, dict) else {} for facts in (row.before, row.after))
    yield from ((key, word) for key, word in after.items() if isinstance(word, str) and key != "note")
    yield from ((key, people[after[key]]) for key in PEOPLE if after.get(key) in people)
    if after.get("team") in teams:
        yield "to", teams[after["team"]]
    if before.get("holder") in people:
        yield "former", people[before["holder"]]
    if after.get("hand_over") in notes:
        yield "note", notes[after["hand_over"]]
    if row.reason:
        yield "reason", row.reason


def _keys(row: Any, names: Iterable[str]) -> Iterator[int]:
    for facts in (row.before, row.after):
        if isinstance(facts, dict):
            yield from (facts[name] for name in names if isinstance(facts.get(name), int))


def _names(db: Session, entity: Any, keys: Iterable[int]) -> dict[int, str]:
    wanted = set(keys)
    rows = db.execute(select(entity.id, entity.name).where(entity.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}


def _notes(db: Session, workspace_id: int, conversation_ids: list[int]) -> dict[int, str]:
    """What stands in the notes of hand-overs now: it may have been erased since."""
    rows = db.execute(
        select(HandOver.id, HandOver.note).where(
            HandOver.workspace_id == workspace_id, HandOver.conversation_id.in_(conversation_ids)
        )
    )
    return {row.id: row.note for row in rows}


def _graded(ways: Practice, messages: Sequence[Any]) -> Iterator[ThreadEvent]:
    """Where a rule made a turn more urgent than it was. A rule that was changed since is not said to have done it."""
    ranks = {grade_id: rank for rank, grade_id in ways.grade_ids.items()}
    graders = {rule.id: ways.rank_of(rule.actions.grade) for rule in ways.rules.rules if rule.actions.grade}
    standing: dict[int | None, int] = {}
    for row in messages:
        rank = ranks.get(row.grade_id)
        if rank is None or rank >= standing.get(row.turn_id, ways.lowest):
            continue
        standing[row.turn_id] = rank
        rules = (row.hits or {}).get("rules", ())
        name = next((rule["name"] for rule in rules if graders.get(rule["id"]) == rank), None)
        if name is not None:
            yield ThreadEvent(row.sorted, "grade", f"the rule “{name}”", (("grade", ways.grade(rank).word),))
