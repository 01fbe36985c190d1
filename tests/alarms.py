"""A control room in which alarms go off: posts arrive on an account, and the chore comes round when a test says so."""

from sqlalchemy import select

from data.alarming import meet
from data.alarms import acknowledge
from data.audit import change
from data.intake import AccountFacts, take
from models.alarms import Alarm, AlarmCause
from models.audit import COMMAND
from models.posts import Author, Batch, Direction, Kind, Post
from models.workspace import Account
from tests.claims import Room

KNIFE = "He has a knife and he is going to kill her"


class Alarmed(Room):
    """``receive`` of ``Room`` writes rows; here posts come in as they do from a network."""

    def __init__(self, database, handle="@north"):
        super().__init__(database)
        self.posts = 0
        self.account = self.open_account(handle)

    def open_account(self, handle):
        with change(self.database, self.id, COMMAND, self.now) as c:
            row = Account(
                workspace_id=self.id,
                audit_id=c.audit_id,
                channel="x",
                connector="replay",
                handle=handle,
                created=self.now,
            )
            c.db.add(row)
            c.db.flush()
            c.state("create", "account", row.id)
        return AccountFacts(self.id, row.id, "x")

    def post(self, text="The road is flooded", who=None, account=None):
        """A post of a new contact (or of ``who``), or of several at once: text by text."""
        texts = [text] if isinstance(text, str) else text
        made = []
        for one in texts:
            self.posts += 1
            author = Author(who or f"c{self.posts}", f"@c{self.posts}", "Neighbour")
            made.append(Post(f"p{self.posts}", self.now, one, Kind.PUBLIC, Direction.IN, author))
        take(self.database, account or self.account, Batch(tuple(made), "next"), self.now, self.clock)

    def answer(self, parent, account=None):
        """Our own reply, found on our timeline."""
        self.posts += 1
        ours = Post(f"p{self.posts}", self.now, "Thank you", Kind.PUBLIC, Direction.OUT, None, parent_id=parent)
        take(self.database, account or self.account, Batch((ours,), "next"), self.now, self.clock)

    def meet(self, **how_long):
        """Time passes, and the chore comes round once."""
        return meet(self.database, self.after(**how_long))

    def alarms(self, *which):
        with self.database.read() as db:
            return list(db.scalars(select(Alarm).where(*which).order_by(Alarm.id)))

    def causes(self):
        with self.database.read() as db:
            return list(db.scalars(select(AlarmCause).order_by(AlarmCause.id)))

    def kinds(self):
        """Kind, number of causes and whether it is open, of every alarm."""
        return [(one.kind, self.count(one.id), one.open) for one in self.alarms()]

    def count(self, key):
        return sum(cause.alarm_id == key for cause in self.causes())

    def acknowledge(self, scope, *keys):
        return acknowledge(self.database, scope, keys, self.now)
