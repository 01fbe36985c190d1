"""Rows for tests that need a database: a workspace, people with roles, an account, conversations. Every name is invented."""

from datetime import UTC, datetime, timedelta
from itertools import count

from argon2 import PasswordHasher
from sqlalchemy import select

from data.administration import create_workspace
from data.audit import change
from data.database import Database
from data.people import grant
from data.signing import DEMONSTRATION, SessionFacts, begin_session, found_of, session_of
from models.audit import COMMAND, INSTALLATION
from models.conversation import Contact, Conversation, Episode, Message, Turn
from models.people import User
from models.permissions import BUILT_IN_ROLES, Scope
from models.posts import Direction
from models.workspace import Account, Grade, Installation

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
AUDIT_KEY = b"a" * 32
PASSWORD = "correct horse battery"
# The same password at a hundredth of the cost: what is measured and slow is tested once, in test_passwords.
QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

numbers = count(1)


def open_database(url: str) -> Database:
    return Database(url, AUDIT_KEY)


def add_workspace(database: Database, slug: str = "north", at: datetime = NOW) -> int:
    return create_workspace(database, slug, slug.title(), at, COMMAND)


def add_user(database: Database, sign_in: str = "ann", at: datetime = NOW, **facts: bool) -> int:
    """A user whose password is ``PASSWORD``."""
    with change(database, INSTALLATION, COMMAND, at) as c:
        user = User(
            sign_in=sign_in, name=sign_in.title(), password_hash=QUICK_HASH, created=at, audit_id=c.audit_id, **facts
        )
        c.db.add(user)
        c.db.flush()
        c.state("create", "user", user.id)
    return user.id


def add_member(database: Database, workspace_id: int, sign_in: str, role: str, at: datetime = NOW) -> int:
    """A user with one role in the workspace."""
    user_id = add_user(database, sign_in, at)
    grant(database, workspace_id, user_id, role, at, COMMAND)
    return user_id


def scope_of(workspace_id: int, user_id: int, role: str = "Operator", slug: str = "north") -> Scope:
    return Scope(workspace_id, slug, BUILT_IN_ROLES[role], user_id, "Somebody")


def session(database: Database, user_id: int, at: datetime = NOW) -> SessionFacts:
    """A browser in which this user has just signed in."""
    with database.read() as db:
        found = found_of(db, db.get_one(User, user_id))
    facts = session_of(database, begin_session(database, found, "192.0.2.1", at), at)
    assert facts is not None
    return facts


def mark_demonstration(database: Database) -> None:
    with database.write() as db:
        db.add(Installation(key=DEMONSTRATION, value="1"))


def add_conversation(database: Database, workspace_id: int, at: datetime = NOW, text: str = "Is anybody there?") -> int:
    """One unanswered message of a new contact to a new account: its conversation's key."""
    number = next(numbers)
    with change(database, workspace_id, COMMAND, at) as c:
        home = {"workspace_id": workspace_id, "audit_id": c.audit_id}
        grade = c.db.scalars(select(Grade).where(Grade.workspace_id == workspace_id, Grade.key == "standard")).one()
        account = Account(channel="x", connector="replay", handle=f"@force{number}", created=at, **home)
        contact = Contact(
            channel="x",
            network_id=str(number),
            handle=f"@neighbour{number}",
            name="Neighbour",
            first_seen=at,
            named_at=at,
            **home,
        )
        c.db.add_all([account, contact])
        c.db.flush()
        due = at + timedelta(hours=4)
        conversation = Conversation(
            account_id=account.id,
            contact_id=contact.id,
            state="open",
            grade_id=grade.id,
            rank=grade.rank,
            since=at,
            due=due,
            last_at=at,
            first_line=text,
            **home,
        )
        c.db.add(conversation)
        c.db.flush()
        _add_said(c, home, conversation, grade, at, text)
        c.state("store", "conversation", conversation.id)
    return conversation.id


def _add_said(c, home, conversation, grade, at, text):
    episode = Episode(conversation_id=conversation.id, opened=at, **home)
    c.db.add(episode)
    c.db.flush()
    turn = Turn(
        conversation_id=conversation.id,
        episode_id=episode.id,
        account_id=conversation.account_id,
        grade_id=grade.id,
        position="first",
        started=at,
        due=at + timedelta(hours=4),
        target_seconds=4 * 3600,
        clock="staffed",
        **home,
    )
    c.db.add(turn)
    c.db.flush()
    message = Message(
        account_id=conversation.account_id,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        turn_id=turn.id,
        network_id=f"m{conversation.id}",
        version_id="1",
        direction=Direction.IN,
        kind="public",
        text=text,
        sent=at,
        fetched=at,
        stored=at,
        sorted=at,
        **home,
    )
    c.db.add(message)
