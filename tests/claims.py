"""A control room in which people claim: a workspace with colleagues, a clock, and conversations of every grade."""

from datetime import timedelta

from sqlalchemy import select

from data.audit import change
from data.desk import claim
from data.lapsing import lapse_due
from data.practice import practice
from data.signing import session_of, sign_in
from data.throttle import Throttle
from models.audit import COMMAND, AuditEvent
from models.claims import HandOver, Hold
from models.conversation import Conversation, Interval, Turn
from models.permissions import BUILT_IN_ROLES, Scope
from models.workspace import Team, TeamMember
from tests.fakes import SetClock
from tests.rows import NOW, PASSWORD, add_conversation, add_member, add_workspace

EMERGENCY, PRIORITY, STANDARD = 1, 2, 3


class Room:
    """North's control room at half past two on a Monday: its office hours are nine to five."""

    def __init__(self, database):
        self.database = database
        self.clock = SetClock(NOW)
        self.id = add_workspace(database)
        self.throttle = Throttle()

    @property
    def now(self):
        return self.clock()

    def after(self, **how_long):
        self.clock.pass_by(**how_long)
        return self.clock()

    def hire(self, name, role="Operator"):
        """A colleague without a session."""
        return Scope(
            self.id, "north", BUILT_IN_ROLES[role], add_member(self.database, self.id, name, role), name.title()
        )

    def enter(self, name, role="Operator", known=False):
        """A colleague who signed in: the scope and the token."""
        user_id = None if known else add_member(self.database, self.id, name, role)
        token = sign_in(self.database, self.throttle, name, PASSWORD, "192.0.2.1", self.now)
        found = session_of(self.database, token, self.now)
        user_id = user_id or found.user_id
        return Scope(self.id, "north", BUILT_IN_ROLES[role], user_id, name.title(), found.session_id), token

    def receive(self, rank=STANDARD):
        """A conversation of this grade that needs an answer."""
        key = add_conversation(self.database, self.id, self.now)
        self.grade(key, rank)
        return key

    def grade(self, key, rank):
        with change(self.database, self.id, COMMAND, self.now) as c:
            found = c.db.get_one(Conversation, key)
            found.rank, found.grade_id = rank, practice(c.db, self.id).grade_ids[rank]
            c.state("grade", "conversation", key)

    def team(self, name, *members):
        with change(self.database, self.id, COMMAND, self.now) as c:
            made = Team(workspace_id=self.id, audit_id=c.audit_id, name=name)
            c.db.add(made)
            c.db.flush()
            for scope in members:
                c.db.add(TeamMember(workspace_id=self.id, team_id=made.id, user_id=scope.user_id, audit_id=c.audit_id))
            c.state("create", "team", made.id)
        return made.id

    def claim(self, scope, key):
        claim(self.database, scope, key, self.now)

    def lapse(self, **how_long):
        return lapse_due(self.database, self.after(**how_long))

    def one(self, statement):
        with self.database.read() as db:
            return db.scalars(statement).one_or_none()

    def conversation(self, key):
        return self.one(select(Conversation).where(Conversation.id == key))

    def holder(self, key):
        return self.conversation(key).holder_id

    def hold(self, key):
        return self.one(select(Hold).where(Hold.conversation_id == key))

    def turn(self, key):
        return self.one(select(Turn).where(Turn.conversation_id == key))

    def offers(self, key):
        with self.database.read() as db:
            return list(db.scalars(select(HandOver).where(HandOver.conversation_id == key).order_by(HandOver.id)))

    def intervals(self, key):
        with self.database.read() as db:
            rows = db.scalars(select(Interval).where(Interval.conversation_id == key).order_by(Interval.id))
            return [(row.user_id, row.begun, row.ended) for row in rows]

    def events(self, key):
        """What happened to a conversation, oldest first."""
        with self.database.read() as db:
            mine = (AuditEvent.object == "conversation", AuditEvent.object_id == key)
            return list(db.scalars(select(AuditEvent).where(*mine).order_by(AuditEvent.id)))

    def last(self, key):
        return self.events(key)[-1]


def minutes(number):
    return timedelta(minutes=number)
