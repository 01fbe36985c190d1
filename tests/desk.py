"""A small town with people at its desk: what they do with a conversation, and what the database says of it then."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from data.assessing import assess
from data.states import close, resume, set_aside, snooze
from data.topics import set_topic
from data.undoing import undo
from models.audit import AuditEvent
from models.conversation import Conversation, Episode, Interval, Message, Turn
from models.permissions import Scope
from models.workspace import Grade, Outcome, Topic
from tests.arrivals import MINUTE, MONDAY, Town, found
from tests.rows import add_member, scope_of


def at(minute):
    return MONDAY + minute * MINUTE


@dataclass
class Desk:
    """One conversation of a town, and the operator who has it open. Minutes count from Monday morning."""

    town: Town
    who: Scope

    @property
    def database(self):
        return self.town.database

    def hears(self, *posts, minute=0):
        """A page arrives at this minute."""
        self.town.take(*posts, at=at(minute))
        return self

    def hire(self, name, role="Operator"):
        home = self.town.account.workspace_id
        return Desk(self.town, scope_of(home, add_member(self.database, home, name, role), role))

    def row(self):
        [row] = self.town.rows(Conversation)
        return row

    def turns(self):
        return sorted(self.town.rows(Turn), key=lambda turn: turn.started)

    def episodes(self):
        return sorted(self.town.rows(Episode), key=lambda one: one.opened)

    def intervals(self, kind):
        rows = sorted(self.town.rows(Interval, Interval.kind == kind), key=lambda one: one.id)
        return [(one.value, one.begun, one.ended) for one in rows]

    def events(self, *actions):
        rows = self.town.rows(AuditEvent, AuditEvent.object == "conversation")
        return [row for row in sorted(rows, key=lambda row: row.id) if not actions or row.action in actions]

    def key_of(self, entity, word):
        home = self.town.account.workspace_id
        with self.database.read() as db:
            return db.scalar(select(entity.id).where(entity.workspace_id == home, entity.word == word))

    def key_of_grade(self, grade_id):
        [grade] = self.town.rows(Grade, Grade.id == grade_id)
        return grade.key

    def newest(self):
        return max((one.id for one in self.town.rows(Message) if one.direction == "in"), default=None)

    def assess(self, grade, minute, shown=None, **answers):
        shown = self.newest() if shown is None else shown
        return assess(self.database, self.who, self.row().id, grade, answers, shown, at(minute))[1]

    def close(self, outcome, minute, reason=""):
        chosen = self.key_of(Outcome, outcome)
        return close(self.database, self.who, self.row().id, chosen, at(minute), reason)[1]

    def snooze(self, minutes, minute):
        return snooze(self.database, self.who, self.row().id, at(minute + minutes), at(minute))

    def set_aside(self, partner, minute):
        return set_aside(self.database, self.who, self.row().id, partner, at(minute))

    def resume(self, minute):
        return resume(self.database, self.who, self.row().id, at(minute))

    def topic(self, word, minute):
        return set_topic(self.database, self.who, self.row().id, self.key_of(Topic, word), at(minute))[1]

    def undo(self, event, minute):
        return undo(self.database, self.who, event, at(minute))


def desk_of(database, slug="north", **more):
    """An operator, Ann, at the desk of a new town."""
    town = found(database, slug, at=MONDAY - timedelta(days=30), **more)
    home = town.account.workspace_id
    return Desk(town, scope_of(home, add_member(database, home, "ann", "Operator")))
