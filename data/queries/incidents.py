"""Incidents: all of them, and one with its conversations, what was said in them, its notes and its METHANE reports."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.decisions import decisions_of
from data.incidents import draft_of
from data.majors import standing_major
from data.practice import Practice
from data.queries.answers import answers_of
from data.queries.heading import heading
from data.queries.members import incident_mark
from data.queries.notes import notes_of
from models.conversation import Contact, Conversation, Message, State
from models.incidents import (
    KEYS,
    LINES,
    Draft,
    Incident,
    IncidentConversation,
    Methane,
    MethaneEvidence,
)
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Direction, Kind
from models.problems import NotFound
from models.snapshots.cases import Evidence, IncidentPage, IncidentRow, Incidents, Member, Report, ReportLine
from models.workspace import Account

MOST_LISTED = 100
MOST_MEMBERS = 300
MOST_MESSAGES = 120
MOST_REPORTS = 20

_BY = aliased(User)
_HERE = (IncidentConversation.incident_id == Incident.id) & IncidentConversation.removed.is_(None)


def incidents(database: Database, scope: Scope, chosen: int | None, now: datetime) -> Incidents:
    """The page of incidents: those that go on first, the newest first; with ``chosen`` that one alone, whole.

    Raises ``NotPermitted``, and ``NotFound`` also where the incident is another workspace's.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        rows = _rows(db, scope.workspace_id, chosen)
        if chosen is not None and not rows:
            raise NotFound
        return Incidents(
            workspace=head.ways.mark,
            as_at=now,
            revision=head.revision,
            rows=rows,
            chosen=_whole(db, head.ways, scope, rows[0], now) if chosen is not None else None,
            may_manage=scope.may(Permission.INCIDENT),
            may_work=scope.may(Permission.ASSESS),
            may_reply=scope.may(Permission.INCIDENT) and scope.may(Permission.REPLY),
            major=standing_major(db, scope.workspace_id) if chosen is not None else None,
        )


def _number(*wanted: Any) -> Any:
    return (
        select(func.count())
        .select_from(IncidentConversation)
        .join(Conversation, Conversation.id == IncidentConversation.conversation_id)
        .where(_HERE, *wanted)
        .correlate(Incident)
        .scalar_subquery()
    )


def _rows(db: Session, workspace_id: int, chosen: int | None) -> tuple[IncidentRow, ...]:
    reports = select(func.count()).where(Methane.incident_id == Incident.id).correlate(Incident).scalar_subquery()
    waiting = _number(Conversation.since.is_not(None), Conversation.state == State.OPEN)
    wanted = (
        select(Incident, _BY.name, _number(), waiting, reports)
        .outerjoin(_BY, _BY.id == Incident.opened_by_id)
        .where(Incident.workspace_id == workspace_id)
        .order_by(Incident.closed.is_not(None), Incident.opened.desc(), Incident.id.desc())
        .limit(MOST_LISTED)
    )
    if chosen is not None:
        wanted = wanted.where(Incident.id == chosen)
    return tuple(
        IncidentRow(
            mark=incident_mark(row),
            opened=row.opened,
            opened_by=name,
            closed=row.closed,
            conversations=number,
            unanswered=unanswered,
            reports=written,
        )
        for row, name, number, unanswered, written in db.execute(wanted)
    )


def _whole(db: Session, ways: Practice, scope: Scope, row: IncidentRow, now: datetime) -> IncidentPage:
    members = _members(db, ways, row.mark.id)
    names = {one.id: one.contact for one in members}
    notes = [(key, names[key], note) for key, note in notes_of(db, scope.workspace_id, names, scope.user_id)]
    said, more = _messages(db, scope.workspace_id, names)
    draft = draft_of(db, scope.workspace_id, row.mark.id, scope.user_id or 0)
    reports = list(
        db.execute(
            select(Methane, User.name)
            .outerjoin(User, User.id == Methane.author_id)
            .where(Methane.incident_id == row.mark.id)
            .order_by(Methane.number.desc())
            .limit(MOST_REPORTS)
        )
    )
    cited = _cited(db, [report.id for report, _ in reports])
    keys = {key for lines in cited.values() for some in lines.values() for key in some}
    known = _evidence(db, scope.workspace_id, {*keys, *(key for some in draft.cited for key in some)})
    return IncidentPage(
        row=row,
        members=members,
        notes=tuple(notes),
        messages=said,
        more=more,
        reports=tuple(_report(report, name, cited.get(report.id, {}), known) for report, name in reports),
        draft=_composed(draft, known),
        answers=answers_of(db, scope.workspace_id, row.mark.id, now),
        decisions=decisions_of(db, scope.workspace_id, incident_id=row.mark.id),
    )


def _members(db: Session, ways: Practice, incident_id: int) -> tuple[Member, ...]:
    rows = db.execute(
        select(Conversation, Contact.name, Contact.handle, Account.channel, Account.handle, User.name)
        .join(IncidentConversation, IncidentConversation.conversation_id == Conversation.id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Account, Account.id == Conversation.account_id)
        .outerjoin(User, User.id == Conversation.holder_id)
        .where(
            Conversation.workspace_id == ways.workspace_id,
            IncidentConversation.incident_id == incident_id,
            IncidentConversation.removed.is_(None),
        )
        .order_by(Conversation.rank, Conversation.due.is_(None), Conversation.due, Conversation.id)
        .limit(MOST_MEMBERS)
    )
    return tuple(
        Member(
            id=row.id,
            grade=ways.grade(row.rank),
            channel=channel,
            account=account,
            contact=name or handle,
            first_line=row.first_line,
            state=row.state,
            since=row.since,
            due=row.due,
            holder=holder,
            language=row.language,
        )
        for row, name, handle, channel, account, holder in rows
    )


_EVIDENCE = (
    select(
        Message.id,
        Message.conversation_id,
        Message.kind,
        Message.direction,
        Message.text,
        Message.sent,
        Message.language,
        Contact.name,
        Contact.handle,
        Account.channel,
    )
    .join(Account, Account.id == Message.account_id)
    .outerjoin(Contact, Contact.id == Message.contact_id)
)


def _messages(db: Session, workspace_id: int, conversation_ids: Collection[int]) -> tuple[tuple[Evidence, ...], int]:
    """What the public said in these conversations, the newest first, and how many are not shown."""
    here = (Message.of(workspace_id, conversation_ids), Message.direction == Direction.IN)
    rows = db.execute(_EVIDENCE.where(*here).order_by(Message.sent.desc(), Message.id.desc()).limit(MOST_MESSAGES))
    found = tuple(_seen(row) for row in rows)
    number = db.scalar(select(func.count()).select_from(Message).where(*here)) or 0
    return found, number - len(found)


def _evidence(db: Session, workspace_id: int, keys: Collection[int]) -> dict[int, Evidence]:
    if not keys:
        return {}
    rows = db.execute(_EVIDENCE.where(Message.workspace_id == workspace_id, Message.id.in_(sorted(keys))))
    return {row.id: _seen(row) for row in rows if row.conversation_id is not None}


def _seen(row: Any) -> Evidence:
    return Evidence(
        id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        kind=Kind(row.kind),
        direction=Direction(row.direction),
        contact=row.name or row.handle or "",
        text=row.text,
        sent=row.sent,
        language=row.language,
    )


def _cited(db: Session, report_ids: list[int]) -> dict[int, dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = {}
    if report_ids:
        rows = db.scalars(
            select(MethaneEvidence).where(MethaneEvidence.methane_id.in_(report_ids)).order_by(MethaneEvidence.id)
        )
        for row in rows:
            found.setdefault(row.methane_id, {}).setdefault(row.line, []).append(row.message_id)
    return found


def _report(row: Methane, author: str | None, cited: Mapping[str, list[int]], known: Mapping[int, Evidence]) -> Report:
    texts = [str(row.lines.get(key, "")) for key in KEYS]
    return Report(
        row.number, author, row.written, row.major, _lines(texts, [cited.get(key, []) for key in KEYS], known)
    )


def _composed(draft: Draft, known: Mapping[int, Evidence]) -> Report:
    return Report(0, None, None, str(draft.major), _lines(draft.texts, draft.cited, known))


def _lines(
    texts: Iterable[str], cited: Iterable[Iterable[int]], known: Mapping[int, Evidence]
) -> tuple[ReportLine, ...]:
    return tuple(
        ReportLine(key, letter, meaning, text, tuple(known[one] for one in keys if one in known))
        for (key, letter, meaning), text, keys in zip(LINES, texts, cited, strict=True)
    )
