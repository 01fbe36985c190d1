"""Incidents: opened and closed by those with the right to, joined by anybody at the desk."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from models.conversation import Conversation, Message
from models.incidents import (
    KEYS,
    MOST_ADDED,
    Draft,
    Incident,
    IncidentConversation,
    Methane,
    MethaneDraft,
    MethaneEvidence,
    check_name,
    check_reference,
    check_veracity,
    draft_from,
)
from models.permissions import Permission, Scope
from models.problems import BadValue, InIncident, NotFound


def open_incident(
    database: Database, scope: Scope, name: str, reference: str, conversation_ids: Collection[int], at: datetime
) -> int:
    """A new incident with these conversations; returns its key.

    Raises ``BadValue``, ``InIncident`` (one belongs to another already), ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.INCIDENT)
    called, number = check_name(name), check_reference(reference)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        home: dict[str, Any] = {"workspace_id": scope.workspace_id, "audit_id": c.audit_id}
        incident = Incident(name=called, reference=number, opened=at, opened_by_id=user_id, **home)
        c.db.add(incident)
        c.db.flush()
        added = _join(c, incident, conversation_ids, user_id)
        after = {"name": called, "reference": number, "veracity": incident.veracity, "conversations": added}
        c.state("incident.open", "incident", incident.id, after=after)
    return incident.id


def add_to_incident(
    database: Database, scope: Scope, incident_id: int, conversation_ids: Collection[int], at: datetime
) -> int:
    """These conversations belong to an open incident; returns how many are new there.

    Anybody at the desk may do so: whoever reads the message knows first. Raises ``IncidentClosed``, ``InIncident``,
    ``BadValue`` (too many), ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        incident = _incident(c.db, scope.workspace_id, incident_id)
        incident.must_be_open()
        added = _join(c, incident, conversation_ids, user_id)
        if added:
            c.state("incident.add", "incident", incident_id, after={"conversations": added})
    return len(added)


def take_from_incident(database: Database, scope: Scope, incident_id: int, conversation_id: int, at: datetime) -> None:
    """The conversation no longer belongs to this incident; where it does not, nothing changes. Raises ``NotPermitted``."""
    user_id = person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.scalar(_memberships(scope.workspace_id, [conversation_id]).with_for_update())
        if row is None or row.incident_id != incident_id:
            return
        row.removed, row.removed_by_id = at, user_id
        c.state("incident.remove", "incident", row.incident_id, after={"conversations": [conversation_id]})


def describe_incident(
    database: Database, scope: Scope, incident_id: int, name: str, reference: str, veracity: str, at: datetime
) -> None:
    """What it is called, its number in command and control, and whether it is so.

    Raises ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.INCIDENT)
    called, number, truth = check_name(name), check_reference(reference), check_veracity(veracity)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        incident = _incident(c.db, scope.workspace_id, incident_id)
        before = _described(incident)
        incident.name, incident.reference, incident.veracity = called, number, str(truth)
        after = _described(incident)
        if before != after:
            c.state("incident.describe", "incident", incident_id, before=before, after=after)


def close_incident(database: Database, scope: Scope, incident_id: int, at: datetime) -> None:
    """It is over; its conversations stay as they are. Raises ``IncidentClosed``, ``NotFound`` and ``NotPermitted``."""
    user_id = person_of(scope, Permission.INCIDENT)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        incident = _incident(c.db, scope.workspace_id, incident_id)
        incident.close(user_id, at)
        c.state("incident.close", "incident", incident_id, before={"closed": None}, after={"closed": at.isoformat()})


def reopen_incident(database: Database, scope: Scope, incident_id: int, at: datetime) -> None:
    """It goes on after all; an open one stays as it is. Raises ``NotFound`` and ``NotPermitted``."""
    person_of(scope, Permission.INCIDENT)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        incident = _incident(c.db, scope.workspace_id, incident_id)
        if incident.closed is None:
            return
        before = {"closed": incident.closed.isoformat()}
        incident.reopen()
        c.state("incident.reopen", "incident", incident_id, before=before, after={"closed": None})


def redraft(database: Database, scope: Scope, incident_id: int, apply: Callable[[Draft], Draft], at: datetime) -> Draft:
    """Keep what somebody has composed so far, changed by ``apply``: no decision rests on it, so it has no event and tells
    nobody. Where they have composed nothing yet, it begins with the newest report.

    Raises ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.ASSESS)
    with database.write() as db:
        _incident(db, scope.workspace_id, incident_id)
        draft = apply(draft_of(db, scope.workspace_id, incident_id, user_id))
        kept = db.get(MethaneDraft, (scope.workspace_id, incident_id, user_id))
        if kept is None:
            home = {"workspace_id": scope.workspace_id, "incident_id": incident_id, "user_id": user_id}
            db.add(MethaneDraft(at=at, facts=draft.to_json(), **home))
        else:
            kept.at, kept.facts = at, draft.to_json()
    return draft


def draft_of(db: Session, workspace_id: int, incident_id: int, user_id: int) -> Draft:
    """What somebody has composed: their own draft, else the newest report, to go on from."""
    kept = db.get(MethaneDraft, (workspace_id, incident_id, user_id))
    if kept is not None:
        return draft_from(kept.facts)
    report = db.scalar(
        select(Methane)
        .where(Methane.workspace_id == workspace_id, Methane.incident_id == incident_id)
        .order_by(Methane.number.desc())
        .limit(1)
    )
    if report is None:
        return Draft()
    rows = db.scalars(
        select(MethaneEvidence).where(MethaneEvidence.methane_id == report.id).order_by(MethaneEvidence.id)
    )
    cited: dict[str, list[int]] = {}
    for row in rows:
        cited.setdefault(row.line, []).append(row.message_id)
    texts, keys = [report.lines.get(key, "") for key in KEYS], [cited.get(key, []) for key in KEYS]
    return draft_from({"major": report.major, "texts": texts, "cited": keys})


def keep_methane(database: Database, scope: Scope, incident_id: int, draft: Draft, at: datetime) -> int:
    """One more version of the incident's METHANE report; returns its number. The person's draft is done with.

    Raises ``BadValue`` where nothing is known, ``IncidentClosed``, ``NotFound`` (also for a message that is none of this
    incident's) and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.ASSESS)
    if draft.empty:
        raise BadValue("report", "say or cite something first: nothing in it is known yet")
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _incident(c.db, scope.workspace_id, incident_id).must_be_open()
        cited = {key for keys in draft.cited for key in keys}
        if cited - _messages_of(c.db, scope.workspace_id, incident_id, cited):
            raise NotFound
        lines = dict(zip(KEYS, draft.texts, strict=True))
        number = 1 + (c.db.scalar(select(func.max(Methane.number)).where(Methane.incident_id == incident_id)) or 0)
        report = Methane(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            incident_id=incident_id,
            number=number,
            author_id=user_id,
            written=at,
            major=str(draft.major),
            lines=lines,
        )
        c.db.add(report)
        c.db.flush()
        c.db.add_all(_evidence(c, report.id, draft))
        _drop_draft(c.db, scope.workspace_id, incident_id, user_id)
        c.state("methane", "incident", incident_id, after=_reported(c, report, draft))
    return number


def _reported(c: Change, report: Methane, draft: Draft) -> dict[str, Any]:
    told: Mapping[str, str] = report.lines
    return {
        "number": report.number,
        "major": report.major,
        "lines": {key: c.digest(text) for key, text in told.items() if text},
        "cited": {key: list(keys) for key, keys in zip(KEYS, draft.cited, strict=True) if keys},
    }


def _evidence(c: Change, report_id: int, draft: Draft) -> Iterable[MethaneEvidence]:
    home = {"workspace_id": c.workspace_id, "audit_id": c.audit_id, "methane_id": report_id}
    return [
        MethaneEvidence(line=key, message_id=message_id, **home)
        for key, keys in zip(KEYS, draft.cited, strict=True)
        for message_id in keys
    ]


def _drop_draft(db: Session, workspace_id: int, incident_id: int, user_id: int) -> None:
    kept = db.get(MethaneDraft, (workspace_id, incident_id, user_id))
    if kept is not None:
        db.delete(kept)


def _messages_of(db: Session, workspace_id: int, incident_id: int, message_ids: Iterable[int]) -> set[int]:
    """Those of the messages that stand in a conversation which belongs to the incident, or once did."""
    return set(
        db.scalars(
            select(Message.id)
            .join(IncidentConversation, IncidentConversation.conversation_id == Message.conversation_id)
            .where(
                Message.workspace_id == workspace_id,
                Message.id.in_(list(message_ids)),
                IncidentConversation.workspace_id == workspace_id,
                IncidentConversation.incident_id == incident_id,
            )
        )
    )


def _join(c: Change, incident: Incident, conversation_ids: Collection[int], user_id: int) -> list[int]:
    """Make them the incident's; returns those that were not. A conversation has one incident at a time."""
    wanted = sorted(set(conversation_ids))
    if len(wanted) > MOST_ADDED:
        raise BadValue("incident", f"add at most {MOST_ADDED} conversations at once")
    known = c.db.scalars(
        select(Conversation.id).where(Conversation.workspace_id == c.workspace_id, Conversation.id.in_(wanted))
    )
    if set(wanted) - set(known):
        raise NotFound
    there = {row.conversation_id: row.incident_id for row in c.db.scalars(_memberships(c.workspace_id, wanted))}
    others = sorted(set(there.values()) - {incident.id})
    if others:
        raise InIncident(c.db.get_one(Incident, others[0]).name)
    fresh = [key for key in wanted if key not in there]
    if fresh:
        home: dict[str, Any] = {"workspace_id": c.workspace_id, "audit_id": c.audit_id, "incident_id": incident.id}
        c.db.add_all(
            IncidentConversation(conversation_id=key, added=c.at, added_by_id=user_id, **home) for key in fresh
        )
        c.db.flush()
    return fresh


def _memberships(workspace_id: int, conversation_ids: Collection[int]) -> Any:
    return select(IncidentConversation).where(
        IncidentConversation.workspace_id == workspace_id,
        IncidentConversation.conversation_id.in_(list(conversation_ids)),
        IncidentConversation.removed.is_(None),
    )


def _incident(db: Session, workspace_id: int, incident_id: int) -> Incident:
    found = db.scalar(
        select(Incident).where(Incident.workspace_id == workspace_id, Incident.id == incident_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _described(incident: Incident) -> dict[str, str]:
    return {"name": incident.name, "reference": incident.reference, "veracity": incident.veracity}
