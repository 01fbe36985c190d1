"""Every reply is looked at before it may go out: its length, the network's window, words, personal details, the account.

What is wrong is refused by name. What is only doubtful is asked about, and what a person confirmed is kept on the record.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.conversation import Contact, Conversation, Message
from models.disclosure import BlockedWord, Finding, blocked, findings
from models.erased import HIDDEN
from models.lengths import measure
from models.networks import Closing, closing, needs_their_message
from models.posts import Direction, Kind
from models.problems import BadValue, BlockedWords, NeedsConfirming, NotFound, WindowClosed
from models.templates import Template
from models.workspace import Account

OTHER_ACCOUNT = "goes out as another account than the one they wrote to"
MOST_PRIVATE = 50
"""Private messages of the contact that a public reply is compared with: the newest."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a text holds that must not go out (``words``), or only with somebody's word for it."""

    words: tuple[str, ...]
    found: tuple[Finding, ...]


def doubts_of(db: Session, conversation: Conversation, text: str, kind: Kind) -> Doubts:
    """Blocked words and personal details in a reply to this conversation."""
    home = conversation.workspace_id
    words = db.scalars(
        select(BlockedWord.word)
        .where(BlockedWord.workspace_id == home, BlockedWord.retired.is_(None))
        .order_by(BlockedWord.word)
    )
    agreed = db.scalars(select(Template.text).where(Template.workspace_id == home, Template.retired.is_(None)))
    private = _private(db, conversation) if kind is Kind.PUBLIC else ()
    return Doubts(blocked(text, words), findings(text, private, agreed))


def _private(db: Session, conversation: Conversation) -> Collection[str]:
    return db.scalars(
        select(Message.text)
        .where(
            Message.of(conversation.workspace_id, [conversation.id]),
            Message.direction == Direction.IN,
            Message.kind == Kind.PRIVATE,
        )
        .order_by(Message.sent.desc())
        .limit(MOST_PRIVATE)
    ).all()


def heard(db: Session, conversation: Conversation, kind: Kind) -> datetime | None:
    """When the contact wrote last in this way; None: never, or all of it was deleted."""
    return db.scalar(
        select(Message.sent)
        .where(
            Message.of(conversation.workspace_id, [conversation.id]),
            Message.direction == Direction.IN,
            Message.kind == kind,
            Message.deleted.is_(None),
        )
        .order_by(Message.sent.desc())
        .limit(1)
    )


def window(db: Session, conversation: Conversation, channel: str, kind: Kind) -> Closing | None:
    """When the network stops taking replies of this kind here. Raises ``BadValue`` where the contact never wrote so."""
    at = heard(db, conversation, kind) if needs_their_message(channel, kind) else None
    if at is None and needs_their_message(channel, kind):
        raise BadValue("reply", f"there is no {kind} message here that it could answer")
    return closing(channel, kind, at)


def is_erased(db: Session, conversation: Conversation) -> bool:
    """Whether the contact was erased: no network knows them by what stands in place of their id."""
    return db.get_one(Contact, conversation.contact_id).network_id.startswith(HIDDEN)


def sending_account(db: Session, conversation: Conversation, account_id: int | None) -> Account:
    """Who a reply goes out as: the account they wrote to, or another one of the same network. Raises ``NotFound``."""
    theirs = db.get_one(Account, conversation.account_id)
    if account_id in (None, theirs.id):
        return theirs
    other = db.scalar(
        select(Account).where(
            Account.workspace_id == conversation.workspace_id,
            Account.id == account_id,
            Account.channel == theirs.channel,
            Account.paused.is_(False),
        )
    )
    if other is None:
        raise NotFound
    return other


def check(
    db: Session,
    conversation: Conversation,
    account: Account,
    text: str,
    kind: Kind,
    confirmed: Collection[str],
    at: datetime,
) -> tuple[str, ...]:
    """What of the doubts a person confirmed, for the record.

    Raises ``BadValue`` (empty, too long, nothing to answer), ``WindowClosed``, ``BlockedWords`` and ``NeedsConfirming``.
    """
    if is_erased(db, conversation):
        raise BadValue("reply", "this contact was erased, so nobody is there to read it")
    if not text.strip():
        raise BadValue("reply", "write something first")
    length = measure(account.channel, kind, text)
    if not length.fits:
        raise BadValue("reply", f"it is {-length.left} {length.unit} too long for this network")
    until = window(db, conversation, account.channel, kind)
    if until is not None and until.closed(at):
        raise WindowClosed(until.last)
    doubts = doubts_of(db, conversation, text, kind)
    if doubts.words:
        raise BlockedWords(doubts.words)
    asked = list(dict.fromkeys(str(one.given) for one in doubts.found))
    if account.id != conversation.account_id:
        asked.append(OTHER_ACCOUNT)
    open_ones = tuple(one for one in asked if one not in confirmed)
    if open_ones:
        raise NeedsConfirming(open_ones)
    return tuple(asked)
