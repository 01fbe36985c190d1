"""The rules of triage in words, in the order in which they act, with what each was before."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import Practice, practice
from data.queries.admin.users import people_of
from data.rules import ENTITY, former_draft, formers_of
from models.audit import AuditEvent
from models.past import Former
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.rules import Actions, BadRule, Conditions, RuleFacts
from models.snapshots.rules import RuleChoices, RuleRow, RulesPage, RuleVersion
from models.workspace import Account, Rule

MOST_WORDS = 6
"""Words of a condition that are said before the rest is counted."""
MOST_VERSIONS = 50
MOST_GONE = 20
ATTACHED = {
    "photo": "a photo",
    "video": "a video",
    "animation": "an animation",
    "audio": "a sound",
    "file": "another file",
}


def rules(database: Database, scope: Scope, now: datetime, chosen: int | None = None) -> RulesPage:
    """Every rule, also those that are off. Raises ``NotPermitted``, and ``NotFound`` where ``chosen`` is not one of them."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        choices = _choices(db, ways)
        found = {row.id: row for row in _rows(db, scope.workspace_id)}
        if chosen is not None and chosen not in found:
            raise NotFound
        rows = {key: _row(row, choices) for key, row in found.items()}
        was = formers_of(db, found[chosen])[:MOST_VERSIONS] if chosen is not None else []
        return RulesPage(
            workspace=ways.mark,
            as_at=now,
            rows=tuple(rows.values()),
            chosen=rows[chosen] if chosen is not None else None,
            facts=_facts(found[chosen], ways) if chosen is not None else RuleFacts(0, ""),
            choices=choices,
            versions=_versions(db, was, choices),
            gone=_versions(db, _gone(db, scope.workspace_id, found), choices),
        )


def _rows(db: Session, home: int) -> list[Rule]:
    return list(db.scalars(select(Rule).where(Rule.workspace_id == home).order_by(Rule.position, Rule.id)))


def _choices(db: Session, ways: Practice) -> RuleChoices:
    names = dict(people_of(db, ways.workspace_id))
    accounts = db.execute(
        select(Account.id, Account.handle, Account.channel)
        .where(Account.workspace_id == ways.workspace_id)
        .order_by(Account.handle, Account.id)
    ).all()
    return RuleChoices(
        grades=tuple((mark.key, mark.word) for mark in ways.grades),
        topics=tuple(sorted(ways.topics)),
        teams=tuple(sorted(ways.teams)),
        people=tuple((sign_in, names[key]) for sign_in, key in sorted(ways.users.items()) if key in names),
        channels=tuple(sorted({row.channel for row in accounts})),
        accounts=tuple((row.id, row.handle) for row in accounts),
    )


def _facts(row: Rule, ways: Practice) -> RuleFacts:
    """The rule for its form, its grade by key; empty where it cannot be read."""
    try:
        conditions, actions = Conditions.from_json(row.conditions), Actions.from_json(row.actions)
    except BadRule:
        return RuleFacts(row.id, row.name)
    rank = ways.rank_of(actions.grade) if actions.grade else None
    grade = ways.grade(rank).key if rank is not None else actions.grade
    return RuleFacts(row.id, row.name, conditions, replace(actions, grade=grade))


def _gone(db: Session, home: int, there: Iterable[int]) -> list[Former]:
    """The last of each rule that is gone, the latest deleted first."""
    newest = (
        select(func.max(Former.id))
        .where(Former.workspace_id == home, Former.entity == ENTITY, Former.row_id.not_in(list(there)))
        .group_by(Former.row_id)
    )
    return list(db.scalars(select(Former).where(Former.id.in_(newest)).order_by(Former.id.desc()).limit(MOST_GONE)))


def _versions(db: Session, kept: list[Former], choices: RuleChoices) -> tuple[RuleVersion, ...]:
    wanted = {number for was in kept for number in (was.begun_id, was.ended_id)}
    told = select(AuditEvent.id, AuditEvent.at, AuditEvent.actor).where(AuditEvent.id.in_(wanted))
    events = {row.id: row for row in db.execute(told)}
    return tuple(
        RuleVersion(
            was.id,
            draft.name,
            *_said(draft.conditions, draft.actions, choices)[:2],
            by=events[was.begun_id].actor,
            since=events[was.begun_id].at,
            until=events[was.ended_id].at,
        )
        for was, draft in ((one, former_draft(one)) for one in kept)
        if was.begun_id in events and was.ended_id in events
    )


def _row(row: Rule, choices: RuleChoices) -> RuleRow:
    return RuleRow(row.id, row.position, row.name, row.enabled, *_said(row.conditions, row.actions, choices))


def _said(conditions: object, actions: object, choices: RuleChoices) -> tuple[str, str, str]:
    """When it acts, what it does, and why it cannot be read."""
    try:
        when = sentence_of(Conditions.from_json(conditions), dict(choices.accounts))
        return when, effect_of(Actions.from_json(actions), dict(choices.grades)), ""
    except BadRule as problem:
        return "", "", str(problem)


def sentence_of(conditions: Conditions, handles: Mapping[int, str]) -> str:
    """When a rule acts: "A message that says “knife” or “gun”, out of hours"."""
    parts = []
    if conditions.words:
        parts += [f"says {_any_of(conditions.words.any, quoted=True)}"] if conditions.words.any else []
        parts += [f"does not say {_any_of(conditions.words.none, quoted=True)}"] if conditions.words.none else []
    if conditions.channels:
        parts.append(f"comes by {_any_of(sorted(conditions.channels))}")
    if conditions.kinds:
        parts.append(f"is {_any_of(sorted(map(str, conditions.kinds)))}")
    if conditions.accounts:
        parts.append(
            f"is to {_any_of([handles.get(one, 'an account that is gone') for one in sorted(conditions.accounts)])}"
        )
    if conditions.contact != "any":
        parts.append(
            "is the first of its contact" if conditions.contact == "new" else "is not the first of its contact"
        )
    if conditions.languages:
        parts.append(f"is in the language {_any_of(sorted(conditions.languages))}")
    if conditions.media:
        parts.append(f"has {_any_of([ATTACHED[one] for one in sorted(conditions.media)])} attached")
    if conditions.hours != "any":
        parts.append(f"comes {conditions.hours} of hours" if conditions.hours == "out" else "comes in hours")
    return f"A message that {', '.join(parts)}" if parts else "Every message"


def effect_of(actions: Actions, grades: Mapping[str, str] | None = None) -> str:
    """What a rule then does: "grade Emergency, topic Crime report, flag weapon". ``grades`` are words by key."""
    parts = [
        f"grade {(grades or {}).get(actions.grade, actions.grade)}" if actions.grade else "",
        f"topic {actions.topic}" if actions.topic else "",
        f"team {actions.team}" if actions.team else "",
        f"flag {', '.join(actions.flags)}" if actions.flags else "",
        f"assign {actions.assign}" if actions.assign else "",
        "mark as spam" if actions.spam else "",
        "tell the team at once" if actions.alarm else "",
    ]
    return ", ".join(part for part in parts if part) or "only marks its words"


def _any_of(words: "tuple[str, ...] | list[str]", *, quoted: bool = False) -> str:
    shown = [f"“{word}”" if quoted else word for word in words[:MOST_WORDS]]
    rest = len(words) - len(shown)
    if rest:
        return f"{', '.join(shown)} or {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
