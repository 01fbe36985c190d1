"""What of claims a newcomer finds: one that a colleague hands over to them, one assigned to their team, one that lapsed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from data.database import Database
from data.desk import claim
from data.handing import offer
from data.lapsing import lapse_due
from data.moving import assign
from data.practice import practice
from data.takers import To
from models.claims import HandOver
from models.conversation import Conversation, State
from models.people import User
from models.permissions import BUILT_IN_ROLES, Scope
from models.workspace import Team, Workspace

HOME, NEWCOMER, COLLEAGUE, SUPERVISOR, TEAM = "northshire", "rhale", "crees", "jokafor", "Social desk"
NOTE = "I am off at the hour. She has written twice today; the neighbourhood team has promised to ring her before six."
QUICK = timedelta(minutes=1)
"""How soon the colleague claimed what lapsed since."""


def begin_claims(database: Database, now: datetime) -> None:
    """Make them, once for a database; nothing where fewer than two conversations wait."""
    with database.read() as db:
        if db.scalar(select(HandOver.id).limit(1)) is not None:
            return
        home = db.scalars(select(Workspace.id).where(Workspace.slug == HOME)).one()
        people = {user.sign_in: user for user in db.scalars(select(User))}
        team = db.scalar(select(Team.id).where(Team.workspace_id == home, Team.name == TEAM))
        waiting = db.execute(
            select(Conversation.id, Conversation.since, Conversation.rank)
            .where(
                Conversation.workspace_id == home,
                Conversation.state == State.OPEN,
                Conversation.since.is_not(None),
                Conversation.holder_id.is_(None),
            )
            .order_by(Conversation.rank.desc(), Conversation.due, Conversation.id)
        ).all()
        ways = practice(db, home)
    quiet = [row for row in waiting if ways.lapses(row.since + QUICK, row.rank) <= now][:1]
    free = [row.id for row in waiting if row not in quiet]
    if len(free) < 2:
        return
    colleague, supervisor = (
        Scope(home, HOME, BUILT_IN_ROLES[role], people[name].id, people[name].name)
        for name, role in ((COLLEAGUE, "Operator"), (SUPERVISOR, "Supervisor"))
    )
    for row in quiet:
        claim(database, colleague, row.id, row.since + QUICK)
        lapse_due(database, now)
    claim(database, colleague, free[0], now)
    offer(database, colleague, free[0], To(user_id=people[NEWCOMER].id), NOTE, now)
    assign(database, supervisor, free[1], To(team_id=team), "one for whoever knows the ward", now)
