"""The rules of triage in words, in the order in which they act."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import practice
from models.permissions import Permission, Scope
from models.rules import Actions, BadRule, Conditions
from models.snapshots.admin import RuleRow, RulesPage
from models.workspace import Account, Rule

MOST_WORDS = 6
"""Words of a condition that are said before the rest is counted."""


def rules(database: Database, scope: Scope) -> RulesPage:
    """Every rule, also those that are off. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        handles = dict(
            db.execute(select(Account.id, Account.handle).where(Account.workspace_id == scope.workspace_id)).all()
        )
        return RulesPage(
            workspace=practice(db, scope.workspace_id).mark,
            rows=tuple(_row(row, handles) for row in _rows(db, scope.workspace_id)),
        )


def _rows(db: Session, home: int) -> list[Rule]:
    return list(db.scalars(select(Rule).where(Rule.workspace_id == home).order_by(Rule.position, Rule.id)))


def _row(row: Rule, handles: dict[int, str]) -> RuleRow:
    try:
        when = sentence_of(Conditions.from_json(row.conditions), handles)
        then = effect_of(Actions.from_json(row.actions))
    except BadRule as problem:
        return RuleRow(row.position, row.name, row.enabled, "", "", str(problem))
    return RuleRow(row.position, row.name, row.enabled, when, then)


def sentence_of(conditions: Conditions, handles: dict[int, str]) -> str:
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
    if conditions.hours != "any":
        parts.append(f"comes {conditions.hours} of hours" if conditions.hours == "out" else "comes in hours")
    return f"A message that {', '.join(parts)}" if parts else "Every message"


def effect_of(actions: Actions) -> str:
    """What a rule then does: "grade Emergency, topic Crime report, flag weapon"."""
    parts = [
        f"grade {actions.grade}" if actions.grade else "",
        f"topic {actions.topic}" if actions.topic else "",
        f"team {actions.team}" if actions.team else "",
        f"flag {', '.join(actions.flags)}" if actions.flags else "",
        f"assign {actions.assign}" if actions.assign else "",
        "mark as spam" if actions.spam else "",
    ]
    return ", ".join(part for part in parts if part) or "only marks its words"


def _any_of(words: "tuple[str, ...] | list[str]", *, quoted: bool = False) -> str:
    shown = [f"“{word}”" if quoted else word for word in words[:MOST_WORDS]]
    rest = len(words) - len(shown)
    if rest:
        return f"{', '.join(shown)} or {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
