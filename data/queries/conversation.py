"""One conversation: its newest messages, what the rules matched in them, and what happened to it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.decisions import decisions_of
from data.merging import CONTACTS, CONVERSATIONS
from data.practice import Practice
from data.queries.claiming import claiming
from data.queries.happened import happened
from data.queries.heading import heading
from data.queries.members import incident_events
from data.queries.merging import bonds_of, merge_events
from data.queries.notes import notes_in
from data.queries.repeat import times_in_touch
from data.queries.replies import composer_of, outgoing_of
from data.queries.stands import stands
from models.conversation import Contact, Conversation, Message, MessageVersion
from models.erased import HIDDEN
from models.folding import Span
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Direction, Kind
from models.problems import NotFound
from models.snapshots import EarlierVersion, Matched, Thread, ThreadEvent, ThreadMessage
from models.waits import staffed_wait
from models.workspace import Account, Topic

PAGE = 100


def thread(database: Database, scope: Scope, conversation_id: int, now: datetime) -> Thread:
    """The conversation with its newest 100 messages, oldest first; ``more`` are those before them.

    Raises ``NotPermitted``, and ``NotFound`` also where the conversation is another workspace's.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        ways, row = head.ways, _conversation(db, scope.workspace_id, conversation_id)
        bonds = replace(bonds_of(db, ways, row.id, row.contact_id), raised=tuple(row.raised or ()))
        places = {part.id: part.account for part in bonds.parts} or {row.id: ""}
        messages = _messages(db, scope.workspace_id, places)
        beside = _beside(db, scope.workspace_id, places, row.contact_id)
        contacts = times_in_touch(db, scope.workspace_id, [row.contact_id], now)
        return Thread(
            workspace=ways.mark,
            as_at=now,
            revision=head.revision,
            grade=ways.grade(row.rank),
            contacts=contacts.get(row.contact_id, 0),
            staffed=staffed_wait(ways.calendar, row.since, max(row.since, now)) if row.since is not None else None,
            messages=tuple(_shown(db, ways, messages, places)),
            events=tuple(happened(db, ways, places, messages, beside)),
            more=_number(db, places) - len(messages),
            notes=notes_in(db, scope, places),
            decisions=decisions_of(db, scope.workspace_id, places),
            bonds=bonds,
            outgoing=outgoing_of(db, scope, places, now),
            composer=composer_of(db, scope, conversation_id, now),
            claiming=claiming(db, scope, row.id),
            stands=stands(db, ways, row.id),
            **_standing(row, scope),
        )


def _standing(row: Any, scope: Scope) -> dict[str, Any]:
    """What the conversation's own row says."""
    told = ("id", "state", "channel", "account", "handle", "followers", "topic", "since", "due", "holder", "held_since")
    return {
        **{name: getattr(row, name) for name in told},
        "contact": row.name or row.handle,
        "mine": row.holder_id is not None and row.holder_id == scope.user_id,
        "flags": tuple(row.flags or ()),
        "erased": row.network_id.startswith(HIDDEN),
    }


def _conversation(db: Session, workspace_id: int, conversation_id: int) -> Any:
    row = (
        db.connection()
        .execute(
            select(
                Conversation.id,
                Conversation.rank,
                Conversation.state,
                Conversation.contact_id,
                Conversation.since,
                Conversation.due,
                Conversation.holder_id,
                Conversation.held_since,
                Conversation.flags,
                Conversation.raised,
                Contact.name,
                Contact.handle,
                Contact.followers,
                Contact.network_id,
                Account.channel,
                Account.handle.label("account"),
                Topic.word.label("topic"),
                User.name.label("holder"),
            )
            .join(Contact, Contact.id == Conversation.contact_id)
            .join(Account, Account.id == Conversation.account_id)
            .outerjoin(Topic, Topic.id == Conversation.topic_id)
            .outerjoin(User, User.id == Conversation.holder_id)
            .where(Conversation.workspace_id == workspace_id, Conversation.id == conversation_id)
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return row


def _beside(
    db: Session, workspace_id: int, conversation_ids: Collection[int], contact_id: int
) -> Iterator[ThreadEvent]:
    """What rows tell better than events do: merges and incidents, which belong to several conversations at once."""
    yield from merge_events(db, CONVERSATIONS, workspace_id, conversation_ids)
    yield from merge_events(db, CONTACTS, workspace_id, [contact_id])
    yield from incident_events(db, workspace_id, conversation_ids)


def _messages(db: Session, workspace_id: int, conversation_ids: Collection[int]) -> list[Any]:
    """The newest page, oldest first."""
    rows = (
        db.connection()
        .execute(
            select(Message.__table__, User.name.label("author"))
            .outerjoin(User, User.id == Message.user_id)
            .where(Message.of(workspace_id, conversation_ids))
            .order_by(Message.sent.desc(), Message.id.desc())
            .limit(PAGE)
        )
        .all()
    )
    return list(reversed(rows))


def _number(db: Session, conversation_ids: Collection[int]) -> int:
    counted = select(func.count()).select_from(Message).where(Message.conversation_id.in_(list(conversation_ids)))
    return int(db.scalar(counted) or 0)


def _shown(db: Session, ways: Practice, messages: Sequence[Any], places: Mapping[int, str]) -> Iterator[ThreadMessage]:
    marks = {ways.grade_ids[mark.rank]: mark for mark in ways.grades}
    earlier = _earlier(db, messages)
    for row in messages:
        ours = row.direction == Direction.OUT
        yield ThreadMessage(
            id=row.id,
            direction=Direction(row.direction),
            kind=Kind(row.kind),
            text=row.text,
            sent=row.sent,
            stored=row.stored,
            author=row.author if ours else None,
            elsewhere=ours and row.user_id is None and not row.automatic,
            automatic=row.automatic,
            edited=row.edited,
            deleted=row.deleted,
            earlier=earlier.get(row.id, ()),
            language=row.language,
            media=tuple(f"{kind}: {words}" if words else kind for kind, words in row.media or ()),
            grade=marks.get(row.grade_id),
            matched=_matched(row.hits),
            place=places.get(row.conversation_id, ""),
        )


def _earlier(db: Session, messages: Sequence[Any]) -> dict[int, tuple[EarlierVersion, ...]]:
    """Every version of an edited message but the shown one, oldest first."""
    shown = {row.id: row.version_id for row in messages if row.edited is not None}
    if not shown:
        return {}
    rows = db.connection().execute(
        select(MessageVersion.message_id, MessageVersion.version_id, MessageVersion.text, MessageVersion.at)
        .where(MessageVersion.message_id.in_(shown))
        .order_by(MessageVersion.at, MessageVersion.version_id)
    )
    found: dict[int, tuple[EarlierVersion, ...]] = {}
    for row in rows:
        if row.version_id != shown[row.message_id]:
            found[row.message_id] = (*found.get(row.message_id, ()), EarlierVersion(row.text, row.at))
    return found


def _matched(hits: dict[str, Any] | None) -> tuple[Matched, ...]:
    rules = (hits or {}).get("rules", ())
    return tuple(
        Matched(rule["name"], tuple(rule["words"]), tuple(Span(begin, end) for begin, end in rule["spans"]))
        for rule in rules
    )
