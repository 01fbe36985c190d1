"""The grade scheme and the promised times, changed from their page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from data.audit import Change, actor_of, change
from data.configuration import write_targets
from data.database import Database
from models.configuration import LONGEST_WORD, LOOKS, YEAR
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.waits import Clock
from models.workspace import Grade, TargetTime


@dataclass(frozen=True, slots=True)
class GradeFacts:
    """A grade as it is to be. ``targets`` are (channel, seconds, clock); the empty channel stands for every one."""

    word: str
    look: str
    needs_approval: bool
    targets: Sequence[tuple[str, int, str]]


def change_grade(database: Database, scope: Scope, grade_id: int, facts: GradeFacts, at: datetime) -> None:
    """Other words or times for a grade: what is due already stays due. Raises ``BadValue`` and ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.get(Grade, grade_id)
        if row is None or row.workspace_id != scope.workspace_id:
            raise NotFound
        before = _facts(c, row)
        _set(row, facts)
        _promise(c, row, facts)
        if before != (after := _facts(c, row)):
            c.state("change", "grade", grade_id, before=before, after=after)


def add_grade(database: Database, scope: Scope, key: str, facts: GradeFacts, at: datetime) -> int:
    """One more grade, the least urgent: messages that no rule grades get it from now on. Raises ``BadValue``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        home = Grade.workspace_id == scope.workspace_id
        if c.db.scalar(select(Grade.id).where(home, Grade.key == key)) is not None:
            raise BadValue("grade", "choose another name: there is one called that")
        rank = (c.db.scalar(select(func.max(Grade.rank)).where(home)) or 0) + 1
        row = Grade(workspace_id=scope.workspace_id, audit_id=c.audit_id, key=key, word="", rank=rank, look="")
        _set(row, facts)
        c.db.add(row)
        c.db.flush()
        _promise(c, row, facts)
        c.state("create", "grade", row.id, after=_facts(c, row))
    return row.id


def _set(row: Grade, facts: GradeFacts) -> None:
    word = " ".join(facts.word.split())
    if not word or len(word) > LONGEST_WORD:
        raise BadValue("word", f"give one of at most {LONGEST_WORD} characters")
    if facts.look not in LOOKS:
        raise BadValue("look", f"give one of {', '.join(LOOKS)}")
    for _, seconds, clock in facts.targets:
        if not 1 <= seconds <= YEAR or clock not in tuple(Clock):
            raise BadValue("target", "give a time of at least a minute and at most a year, on one of the clocks")
    if "" not in {channel for channel, _, _ in facts.targets}:
        raise BadValue("target", "give the time that holds for every channel")
    row.word, row.look, row.needs_approval = word, facts.look, facts.needs_approval


def _promise(c: Change, row: Grade, facts: GradeFacts) -> None:
    told = [{"channel": channel, "seconds": seconds, "clock": clock} for channel, seconds, clock in facts.targets]
    write_targets(c, row.id, told)
    c.db.flush()


def _facts(c: Change, row: Grade) -> dict[str, Any]:
    targets = c.db.scalars(
        select(TargetTime)
        .where(TargetTime.workspace_id == c.workspace_id, TargetTime.grade_id == row.id)
        .order_by(TargetTime.channel)
    )
    return {
        "word": row.word,
        "look": row.look,
        "needs_approval": row.needs_approval,
        "targets": [[one.channel, one.seconds, one.clock] for one in targets],
    }
