"""Erasing a contact: their words, names and ids go, and what figures rest on stays (docs/decisions/0034).

One transaction and one event. What the database itself still holds of it then is ``data/scouring.py``'s.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import delete, select

from data.audit import Change, actor_of, change
from data.certificates import certify, is_gone, settle
from data.database import Database
from data.legal_holds import held_things
from data.merging import CONTACTS, together
from data.scouring import ask
from models.assessing import Assessment
from models.audit import Actor
from models.claims import HandOver
from models.conversation import Contact, Conversation, Message, MessageVersion, Quarantined, Tombstone
from models.decisions import Decision
from models.drafts import Draft
from models.erased import ERASED, HIDDEN, SINCE, called, erased_id
from models.incidents import IncidentConversation, Methane, MethaneDraft, MethaneEvidence
from models.major import MajorIncident
from models.merging import ContactMerge, ConversationMerge
from models.notes import Note, NoteVersion
from models.outbox import UNDER_WAY, Outgoing
from models.past import Former
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.search_index import WORDS
from models.shifts import ShiftHandOver
from models.views import SavedView
from models.workspace import Installation

ON_REQUEST = "erased on request"
"""What stands on a certificate where a disposal names its rule."""
FEW = 4
"""Characters from which on a name or a text is looked for inside other texts: a shorter one is any word."""
AT_ONCE = 500
"""Keys asked for in one statement."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased, and the number of the certificate of it."""

    contacts: int
    conversations: int
    messages: int
    certificate: int = field(default=0, compare=False)


@dataclass(slots=True)
class Erasure:
    """One erasure under way. ``said`` are words of theirs that others may have quoted, ``ids`` what networks call them."""

    change: Change
    key: bytes
    contacts: list[Contact]
    conversations: list[Conversation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    versions: list[MessageVersion] = field(default_factory=list)
    merges: list[ContactMerge | ConversationMerge] = field(default_factory=list)
    replies: list[Outgoing] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def rows(self, entity: Any, column: Any, keys: Iterable[Any]) -> Iterator[Any]:
        """Rows of the workspace whose ``column`` is one of ``keys``."""
        wanted = list(keys)
        for begin in range(0, len(wanted), AT_ONCE):
            some = column.in_(wanted[begin : begin + AT_ONCE])
            yield from self.change.db.scalars(
                select(entity).where(entity.workspace_id == self.change.workspace_id, some)
            )

    def hidden(self, account_id: int, network_id: str) -> str:
        """A post's id, as it stands from now on."""
        return erased_id(self.key, str(account_id), network_id)


def erase_contact(
    database: Database, workspace_id: int, contact_id: int, reason: str, at: datetime, actor: Actor
) -> Erased:
    """Erase a contact and those merged with them. May run again: then there is nothing left to erase.

    Call ``data.scouring.scour`` afterwards. Raises ``NotFound``, ``Held``, and ``BadValue`` without a reason, while a message
    of theirs waits for an answer and while a reply to them is on its way.
    """
    if not reason.strip():
        raise BadValue("reason", "say why: the number of the request, no name")
    with change(database, workspace_id, actor, at) as c:
        erasure = held_of(c, database.audit_key, contact_id)
        number = erase_found(erasure, ON_REQUEST, reason.strip())
        done = Erased(len(erasure.contacts), len(erasure.conversations), len(erasure.messages), number)
        c.state(
            "erase", "contact", contact_id, after=counts_of(erasure) | {"certificate": number}, reason=reason.strip()
        )
    return done


def erase_found(erasure: Erasure, rule: str, reason: str) -> int:
    """Erase what was found, in the caller's change, which states it; returns the number of the certificate of it.

    Raises ``Held``, and ``BadValue`` while a message waits for an answer and while a reply is on its way.
    """
    c = erasure.change
    _must_not_be_held(erasure)
    _must_rest(erasure)
    for erase in (
        _erase_work,
        _erase_reports,
        _erase_shifts,
        _erase_views,
        _erase_kept,
        _erase_messages,
        _erase_contacts,
    ):
        erase(erasure)
    c.db.flush()
    _erase_former(erasure)
    if c.db.get(Installation, SINCE) is None:
        c.db.add(Installation(key=SINCE, value="1"))
    ask(c.db, c.at)
    facts = counts_of(erasure) | {"of": sorted(_keys(erasure))}
    made = certify(c, rule, reason, facts)
    settle(c, _keys(erasure), made)
    return made.number


def counts_of(erasure: Erasure) -> dict[str, int]:
    """How much an erasure takes."""
    return {name: len(getattr(erasure, name)) for name in ("contacts", "conversations", "messages")}


def erase_by(database: Database, scope: Scope, contact_id: int, typed: str, reason: str, at: datetime) -> Erased:
    """A person erases a contact from a page; ``typed`` is the contact's name on it, so that nobody does it by a slip.

    Raises as ``erase_contact`` does, and ``NotPermitted``.
    """
    scope.require(Permission.ERASE)
    with database.read() as db:
        contact = db.get(Contact, contact_id)
    if contact is None or contact.workspace_id != scope.workspace_id:
        raise NotFound
    if typed.strip() != called(contact.id, contact.handle, contact.name):
        raise BadValue("what you typed", "it is not what this contact is called here, so nothing was erased")
    return erase_contact(database, scope.workspace_id, contact_id, reason, at, actor_of(scope))


def held_of(c: Change, key: bytes, contact_id: int) -> Erasure:
    """All that is held of a contact and those merged with them. Raises ``NotFound``."""
    erasure = Erasure(c, key, [])
    together_with = together(c.db, CONTACTS, c.workspace_id, contact_id)
    erasure.contacts = list(erasure.rows(Contact, Contact.id, together_with))
    if contact_id not in {one.id for one in erasure.contacts}:
        raise NotFound
    people = [one.id for one in erasure.contacts]
    erasure.conversations = list(erasure.rows(Conversation, Conversation.contact_id, people))
    _find(erasure)
    return erasure


def held_in(c: Change, key: bytes, conversation_ids: Iterable[int]) -> Erasure:
    """All that is held in conversations; of their contacts, those whose last conversation goes with them."""
    erasure = Erasure(c, key, [])
    erasure.conversations = list(erasure.rows(Conversation, Conversation.id, conversation_ids))
    going = {one.id for one in erasure.conversations}
    theirs = {one.contact_id for one in erasure.conversations}
    staying = {
        one.contact_id
        for one in erasure.rows(Conversation, Conversation.contact_id, theirs)
        if one.id not in going and not is_gone(c.db, one)
    }
    erasure.contacts = list(erasure.rows(Contact, Contact.id, theirs - staying))
    _find(erasure)
    return erasure


def held_alone(c: Change, key: bytes, messages: Iterable[Message]) -> Erasure:
    """Messages that belong to no conversation; of those who wrote them, whoever has no other message and no conversation."""
    erasure = Erasure(c, key, [], messages=list(messages))
    going = {one.id for one in erasure.messages}
    people = {one.contact_id for one in erasure.messages if one.contact_id is not None}
    staying = {one.contact_id for one in erasure.rows(Conversation, Conversation.contact_id, people)}
    staying |= {one.contact_id for one in erasure.rows(Message, Message.contact_id, people) if one.id not in going}
    erasure.contacts = list(erasure.rows(Contact, Contact.id, people - staying))
    erasure.versions = list(erasure.rows(MessageVersion, MessageVersion.message_id, going))
    _find_words(erasure)
    return erasure


def payloads(erasure: Erasure) -> Iterator[Quarantined]:
    """Payloads that could not be read and that hold an id of theirs."""
    home = erasure.change.workspace_id
    ids = "|".join(re.escape(one) for one in sorted(erasure.ids))
    holds = re.compile(rf"(?<!\w)(?:{ids})(?!\w)")
    for kept in erasure.change.db.scalars(select(Quarantined).where(Quarantined.workspace_id == home)):
        if holds.search(kept.raw):
            yield kept


def _find(erasure: Erasure) -> None:
    people = [one.id for one in erasure.contacts]
    keys = _keys(erasure)
    by_key = {one.id: one for one in erasure.rows(Message, Message.contact_id, people)}
    by_key |= {one.id: one for one in erasure.rows(Message, Message.conversation_id, keys)}
    erasure.messages = list(by_key.values())
    erasure.versions = list(erasure.rows(MessageVersion, MessageVersion.message_id, by_key))
    erasure.replies = list(erasure.rows(Outgoing, Outgoing.conversation_id, keys))
    for link, ends in ((ContactMerge, people), (ConversationMerge, keys)):
        both = [*erasure.rows(link, link.lead_id, ends), *erasure.rows(link, link.part_id, ends)]
        erasure.merges += {one.id: one for one in both}.values()
    _find_words(erasure)


def _find_words(erasure: Erasure) -> None:
    names = [name for one in erasure.contacts for name in (one.handle, one.name)]
    texts = [one.text for rows in (erasure.messages, erasure.versions, erasure.replies) for one in rows]
    erasure.said = {text for text in (*names, *texts) if len(text) >= FEW} - {ERASED}
    ids = [one.network_id for one in erasure.contacts] + [one.network_id for one in erasure.messages]
    erasure.ids = {*ids, *(one.version_id for one in erasure.versions)}


def _keys(erasure: Erasure) -> list[int]:
    return [one.id for one in erasure.conversations]


def _must_not_be_held(erasure: Erasure) -> None:
    """What a legal hold keeps goes for nobody. A conversation is held with its contact, though that one may stay."""
    people = {one.id for one in erasure.contacts} | {one.contact_id for one in erasure.conversations}
    held_things(erasure.change.db, erasure.change.workspace_id).refuse(_keys(erasure), people)


def _must_rest(erasure: Erasure) -> None:
    """Nobody is erased while somebody still has to read what they said."""
    if any(one.since is not None for one in erasure.conversations):
        raise BadValue("contact", "a message of theirs waits for an answer: answer or close it first")
    if any(one.state in UNDER_WAY for one in erasure.replies):
        raise BadValue("contact", "a reply to them is on its way: wait for it, or take it back")


def _erase_work(erasure: Erasure) -> None:
    """What colleagues wrote on their conversations."""
    keys = _keys(erasure)
    notes = list(erasure.rows(Note, Note.conversation_id, keys))
    versions = erasure.rows(NoteVersion, NoteVersion.note_id, [one.id for one in notes])
    for one in (*notes, *versions):
        one.text = ERASED
    for draft in erasure.rows(Draft, Draft.conversation_id, keys):
        erasure.change.db.delete(draft)
    for offer in erasure.rows(HandOver, HandOver.conversation_id, keys):
        offer.note = offer.note and ERASED
    for assessment in erasure.rows(Assessment, Assessment.conversation_id, keys):
        for name in ("threat", "harm", "risk", "investigation", "vulnerability", "engagement"):
            setattr(assessment, name, getattr(assessment, name) and ERASED)
    for entry in erasure.rows(Decision, Decision.conversation_id, keys):
        entry.answers = dict.fromkeys(entry.answers, ERASED)
    for merge in erasure.merges:
        merge.reason = ERASED
    for reply in erasure.replies:
        for name, value in _reply(erasure, vars(reply)).items():
            setattr(reply, name, value)


def _reply(erasure: Erasure, was: Any) -> dict[str, Any]:
    """What stands in a reply, or in what was kept of it."""
    ids = {name: was[name] for name in ("network_id", "parent_id", "attempt_id")}
    kept = {name: one and _once(partial(erasure.hidden, was["account_id"]), one) for name, one in ids.items()}
    return {"text": ERASED, "reason": was["reason"] and ERASED, **kept}


def _once(hidden: Callable[[str], str], given: str) -> str:
    return given if given.startswith(HIDDEN) else hidden(given)


def _erase_reports(erasure: Erasure) -> None:
    """What METHANE reports and banners quote of them: those of their incidents, and any that rests on a message of theirs."""
    links = erasure.rows(IncidentConversation, IncidentConversation.conversation_id, _keys(erasure))
    cited = erasure.rows(MethaneEvidence, MethaneEvidence.message_id, [one.id for one in erasure.messages])
    citing = erasure.rows(Methane, Methane.id, {one.methane_id for one in cited})
    incidents = {one.incident_id for one in links} | {one.incident_id for one in citing}
    for report in erasure.rows(Methane, Methane.incident_id, incidents):
        report.lines = _without(report.lines, erasure.said)
    for banner in erasure.rows(MajorIncident, MajorIncident.incident_id, incidents):
        banner.summary, banner.lines = (_without(one, erasure.said) for one in (banner.summary, banner.lines))
    for entry in erasure.rows(Decision, Decision.incident_id, incidents):
        entry.answers = _without(entry.answers, erasure.said)
    for draft in erasure.rows(MethaneDraft, MethaneDraft.incident_id, incidents):
        draft.facts = _without(draft.facts, erasure.said)


def _erase_views(erasure: Erasure) -> None:
    """Names of saved views that hold a name of theirs. Their filters are words of ours: no text is kept in them."""
    home = erasure.change.workspace_id
    for view in erasure.change.db.scalars(select(SavedView).where(SavedView.workspace_id == home)):
        view.name = _without(view.name, erasure.said)


def _erase_shifts(erasure: Erasure) -> None:
    """What supervisors quote of them in a note to the next shift; the picture of a shift names nobody."""
    home = erasure.change.workspace_id
    for shift in erasure.change.db.scalars(select(ShiftHandOver).where(ShiftHandOver.workspace_id == home)):
        shift.note = _without(shift.note, erasure.said)


def _without(value: Any, said: Collection[str]) -> Any:
    """The same JSON with every quotation replaced, the longest first."""
    if isinstance(value, dict):
        return {name: _without(one, said) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, said) for one in value]
    if isinstance(value, str):
        for text in sorted(said, key=len, reverse=True):
            value = value.replace(text, ERASED)
    return value


def _erase_kept(erasure: Erasure) -> None:
    """Raw payloads with an id of theirs; their digests stay, so that the same payload is known when it comes again."""
    db, home = erasure.change.db, erasure.change.workspace_id
    for kept in payloads(erasure):
        kept.raw = kept.reason = ERASED
    for one in erasure.messages:
        db.execute(
            delete(Tombstone).where(
                Tombstone.workspace_id == home,
                Tombstone.account_id == one.account_id,
                Tombstone.network_id == one.network_id,
            )
        )


def _erase_messages(erasure: Erasure) -> None:
    accounts = {one.id: one.account_id for one in erasure.messages}
    for version in erasure.versions:
        hidden = partial(erasure.hidden, accounts[version.message_id])
        version.text, version.version_id = ERASED, _once(hidden, version.version_id)
    for other in erasure.rows(Message, Message.parent_id, sorted(erasure.ids)):
        other.parent_id = _once(partial(erasure.hidden, other.account_id), other.parent_id)
    for one in erasure.messages:
        hidden = partial(erasure.hidden, one.account_id)
        one.network_id, one.version_id = _once(hidden, one.network_id), _once(hidden, one.version_id)
        one.parent_id = one.parent_id and _once(hidden, one.parent_id)
        one.text, one.media, one.hits = ERASED, None, _unquoted(one.hits)


def _unquoted(hits: Any) -> Any:
    """Which rules hit stays; the words they hit go."""
    rules = [one | {"words": [], "spans": []} for one in (hits or {}).get("rules", ())]
    return hits and hits | {"rules": rules}


def _erase_contacts(erasure: Erasure) -> None:
    for conversation in erasure.conversations:
        conversation.first_line = ERASED
        conversation.partner = conversation.partner and ERASED
    for one in erasure.contacts:
        for name, value in _person(erasure, vars(one)).items():
            setattr(one, name, value)


def _person(erasure: Erasure, was: Any) -> dict[str, Any]:
    """What stands in a contact. Their key is in the digest: whoever comes back is somebody new, and may be erased again."""
    hidden = partial(erased_id, erasure.key, f"{was['channel']} {was['id']}")
    return {"network_id": _once(hidden, was["network_id"]), "handle": ERASED, "name": "", "followers": None}


def _erase_former(erasure: Erasure) -> None:
    """What triggers kept of these rows, the change under way included: states and times stay for the boards of the past."""
    touched = (*erasure.contacts, *erasure.conversations, *erasure.replies, *erasure.merges)
    keys = {(one.__tablename__, one.id) for one in touched}
    for row in erasure.rows(Former, Former.row_id, sorted({key for _, key in keys})):
        if (row.entity, row.row_id) in keys:
            facts = json.loads(row.facts)
            facts.pop(WORDS, None)
            row.facts = json.dumps(facts | _stands(erasure, row.entity, facts), ensure_ascii=False)


def _stands(erasure: Erasure, entity: str, was: dict[str, Any]) -> dict[str, Any]:
    """What stands in the facts of a former row."""
    if entity == "contact":
        return _person(erasure, was)
    if entity == "outgoing":
        return _reply(erasure, was)
    if entity == "conversation":
        return {"first_line": ERASED, "partner": was.get("partner") and ERASED}
    return {"reason": ERASED}
