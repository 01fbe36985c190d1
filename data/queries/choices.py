"""What a workspace lets people choose from in a form."""

from sqlalchemy import select

from data.database import Database
from data.flags import flag_words
from data.practice import practice
from data.takers import names_of
from models.conversation import Conversation
from models.people import Role, User
from models.permissions import Permission, Scope
from models.snapshots import Choices
from models.workspace import Outcome, Topic


def outcomes(database: Database, scope: Scope) -> tuple[tuple[int, str], ...]:
    """How a conversation may end here: key and word, in the order in which they were made. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with database.read() as db:
        found = select(Outcome.id, Outcome.word).where(Outcome.workspace_id == scope.workspace_id).order_by(Outcome.id)
        return tuple((row.id, row.word) for row in db.execute(found))


def narrowing(database: Database, scope: Scope) -> Choices:
    """What the queue's filters offer; of colleagues those who hold something now. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    home = scope.workspace_id
    held = select(Conversation.holder_id).where(Conversation.workspace_id == home, Conversation.holder_id.is_not(None))
    with database.read() as db:
        ways = practice(db, home)
        holders = db.execute(select(User.id, User.name).where(User.id.in_(held)).order_by(User.name, User.id)).all()
        words = flag_words(db, home)
        roles = db.execute(select(Role.id, Role.name).where(Role.workspace_id == home).order_by(Role.name)).all()
    return Choices(
        holders=tuple((str(row.id), row.name) for row in holders if row.id != scope.user_id),
        teams=tuple((str(key), name) for name, key in sorted(ways.teams.items())),
        topics=tuple((str(key), word) for word, key in sorted(ways.topics.items())),
        flags=tuple(sorted({*words, *(flag for rule in ways.rules.rules for flag in rule.actions.flags)})),
        roles=tuple((str(row.id), row.name) for row in roles),
    )


def takers(database: Database, scope: Scope) -> tuple[dict[int, str], dict[int, str]]:
    """Colleagues who may claim here, and teams: by key, in the order of their names. Raises ``NotPermitted``."""
    scope.require(Permission.CLAIM)
    with database.read() as db:
        return names_of(db, scope.workspace_id)


def topics(database: Database, scope: Scope) -> tuple[tuple[int, str], ...]:
    """What a conversation may be about here: key and word, by the alphabet. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with database.read() as db:
        found = select(Topic.id, Topic.word).where(Topic.workspace_id == scope.workspace_id).order_by(Topic.word)
        return tuple((row.id, row.word) for row in db.execute(found))


def grades(database: Database, scope: Scope) -> tuple[tuple[str, str], ...]:
    """The grades of the workspace, the most urgent first: key and word. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with database.read() as db:
        return tuple((mark.key, mark.word) for mark in practice(db, scope.workspace_id).grades)


def flags(database: Database, scope: Scope) -> tuple[str, ...]:
    """What people may flag a conversation with here. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with database.read() as db:
        return flag_words(db, scope.workspace_id)
