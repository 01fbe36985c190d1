"""The rows behind a report, for files: one a message, a turn or a conversation, in stretches, so that memory stays flat.

Each stretch is a reading of its own: nothing is held open while a file travels. Rows of a contact's words, name and handle
are for those who may export texts; without that permission those columns are not there at all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from data.database import Database
from data.exports import Kind, Value
from data.queries.reports.ground import Ground, ground
from models.base import MICROSECOND, UtcDateTime
from models.conversation import Contact, Conversation, Message, Turn
from models.engagement import FIGURES, PostFigures
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Direction
from models.posts import Kind as PostKind
from models.reporting import ReportFilters
from models.workspace import Account, Grade, Outcome, Topic

STRETCH = 2_000
"""Rows of one reading."""


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file under way: its headings, what each column holds, and its rows as they are asked for."""

    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    rows: Iterator[Sequence[Value]]


Columns = tuple[tuple[str, Any], ...]

_author, _holder = aliased(User), aliased(User)
MESSAGES: Columns = (
    ("message", Message.id),
    ("conversation", Message.conversation_id),
    ("contact", Message.contact_id),
    ("turn", Message.turn_id),
    ("account", Account.handle),
    ("channel", Account.channel),
    ("kind", Message.kind),
    ("direction", Message.direction),
    ("sent", Message.sent),
    ("fetched", Message.fetched),
    ("stored", Message.stored),
    ("seen", Message.seen),
    ("edited", Message.edited),
    ("deleted", Message.deleted),
    ("hours", Message.hours),
    ("grade on arrival", Grade.word),
    ("topic", Topic.word),
    ("language", Message.language),
    ("automatic", Message.automatic),
    ("spam", Message.spam),
    ("colleague", _author.name),
)
MESSAGE_TEXTS: Columns = (("contact name", Contact.name), ("contact handle", Contact.handle), ("text", Message.text))
TURNS: Columns = (
    ("turn", Turn.id),
    ("conversation", Turn.conversation_id),
    ("account", Account.handle),
    ("channel", Account.channel),
    ("response", Turn.position),
    ("highest grade", Grade.word),
    ("started", Turn.started),
    ("assessed", Turn.assessed),
    ("assigned", Turn.assigned),
    ("claimed", Turn.claimed),
    ("queued", Turn.queued),
    ("approved", Turn.approved),
    ("replied", Turn.replied),
    ("replied outside Watchroom", Turn.elsewhere),
    ("colleague", _author.name),
    ("due", Turn.due),
    ("target (s)", Turn.target_seconds),
    ("clock of the target", Turn.clock),
    ("closed without a reply", Turn.ended),
    ("outcome", Outcome.word),
    ("staffed wait (s)", Turn.staffed // 1_000_000),
)
CONVERSATIONS: Columns = (
    ("conversation", Conversation.id),
    ("contact", Conversation.contact_id),
    ("account", Account.handle),
    ("channel", Account.channel),
    ("state", Conversation.state),
    ("grade", Grade.word),
    ("topic", Topic.word),
    ("waiting since", Conversation.since),
    ("due", Conversation.due),
    ("last message", Conversation.last_at),
    ("last reply", Conversation.last_reply),
    ("holder", _holder.name),
)
POSTS: Columns = (
    ("post", Message.id),
    ("conversation", Message.conversation_id),
    ("account", Account.handle),
    ("channel", Account.channel),
    ("network id", Message.network_id),
    ("sent", Message.sent),
    ("deleted", Message.deleted),
    ("automatic", Message.automatic),
    ("colleague", _author.name),
    ("figures as at", PostFigures.taken),
    *((name.replace("_", " "), getattr(PostFigures, name)) for name in FIGURES),
)
POST_TEXTS: Columns = (("text", Message.text),)
CONVERSATION_TEXTS: Columns = (("contact name", Contact.name), ("contact handle", Contact.handle))


def message_rows(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> RowFile:
    """Every message that was sent in the period, in and out, spam too. Raises ``NotPermitted`` and ``NotFound``."""
    columns = (*MESSAGES, *(MESSAGE_TEXTS if scope.may(Permission.EXPORT_TEXTS) else ()))
    statement = (
        _columns(columns)
        .select_from(Message)
        .join(Account, Account.id == Message.account_id)
        .outerjoin(Contact, Contact.id == Message.contact_id)
        .outerjoin(Grade, Grade.id == Message.grade_id)
        .outerjoin(Topic, Topic.id == Message.topic_id)
        .outerjoin(_author, _author.id == Message.user_id)
    )
    return _file(database, scope, filters, now, columns, statement, Message, Message.sent)


def turn_rows(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> RowFile:
    """Every turn that started in the period. Raises ``NotPermitted`` and ``NotFound``."""
    statement = (
        _columns(TURNS)
        .select_from(Turn)
        .join(Account, Account.id == Turn.account_id)
        .join(Grade, Grade.id == Turn.grade_id)
        .outerjoin(Outcome, Outcome.id == Turn.outcome_id)
        .outerjoin(_author, _author.id == Turn.replied_by)
    )
    return _file(database, scope, filters, now, TURNS, statement, Turn, Turn.started)


def conversation_rows(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> RowFile:
    """Every conversation whose last message lies in the period. Raises ``NotPermitted`` and ``NotFound``."""
    columns = (*CONVERSATIONS, *(CONVERSATION_TEXTS if scope.may(Permission.EXPORT_TEXTS) else ()))
    statement = (
        _columns(columns)
        .select_from(Conversation)
        .join(Account, Account.id == Conversation.account_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Grade, Grade.id == Conversation.grade_id)
        .outerjoin(Topic, Topic.id == Conversation.topic_id)
        .outerjoin(_holder, _holder.id == Conversation.holder_id)
    )
    return _file(database, scope, filters, now, columns, statement, Conversation, Conversation.last_at)


def post_rows(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> RowFile:
    """Every public post of ours that was sent in the period, with the newest figures that its network gave.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    columns = (*POSTS, *(POST_TEXTS if scope.may(Permission.EXPORT_TEXTS) else ()))
    newest = (
        select(PostFigures.id)
        .where(PostFigures.workspace_id == Message.workspace_id, PostFigures.message_id == Message.id)
        .order_by(PostFigures.taken.desc(), PostFigures.id.desc())
        .limit(1)
        .correlate(Message)
        .scalar_subquery()
    )
    statement = (
        _columns(columns)
        .select_from(Message)
        .join(Account, Account.id == Message.account_id)
        .outerjoin(PostFigures, PostFigures.id == newest)
        .outerjoin(_author, _author.id == Message.user_id)
        .where(Message.direction == Direction.OUT, Message.kind == PostKind.PUBLIC)
    )
    return _file(database, scope, filters, now, columns, statement, Message, Message.sent)


ROWS: dict[str, Callable[[Database, Scope, ReportFilters, datetime], RowFile]] = {
    "messages": message_rows,
    "turns": turn_rows,
    "conversations": conversation_rows,
    "posts": post_rows,
}
"""What a file of rows may be of."""


def _columns(columns: Columns) -> Select[Any]:
    return select(*(column.label(f"column_{number}") for number, (_, column) in enumerate(columns)))


def _file(
    database: Database,
    scope: Scope,
    filters: ReportFilters,
    now: datetime,
    columns: Columns,
    statement: Select[Any],
    entity: Any,
    when: Any,
) -> RowFile:
    """The rows of ``entity`` whose ``when`` lies in the period, by key. The first column must be that key."""
    scope.require(Permission.EXPORT)
    with database.read() as db:
        on = ground(db, scope, filters, now)
    begins, ends = on.instants(filters.first, filters.last)
    wanted = statement.where(
        entity.workspace_id == scope.workspace_id,
        when >= begins,
        when < min(ends, now + MICROSECOND),
        *on.narrowed(entity.account_id),
    ).order_by(entity.id)
    kinds = tuple(_kind(column) for _, column in columns)
    return RowFile(tuple(name for name, _ in columns), kinds, _stretches(database, on, wanted, entity.id))


def _kind(column: Any) -> Kind:
    if isinstance(column.type, UtcDateTime):
        return datetime
    found: Kind = column.type.python_type
    return found


def _stretches(database: Database, on: Ground, wanted: Select[Any], key: Any) -> Iterator[Sequence[Value]]:
    """Rows as they stand when their stretch is read: what is stored meanwhile comes too, nothing twice."""
    last = 0
    while True:
        with database.read() as db:
            rows = db.connection().execute(wanted.where(key > last).limit(STRETCH)).all()
        yield from rows
        if len(rows) < STRETCH:
            return
        last = rows[-1][0]
