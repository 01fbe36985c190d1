"""The survey: asked some minutes after a person closed a conversation, once of anybody, and answered by one tap.

The question goes through the outbox like every reply, so a lockdown holds it back; it counts as automatic. Of an answer only
its month and network are kept (``models/survey.py``).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.checks import check
from data.clock import Clock
from data.database import Database
from data.outbox import parent_of, standing
from data.signing import new_token, token_hash
from data.upserts import upsert
from models.audit import Actor
from models.conversation import Contact, Conversation, State
from models.moves import TOP
from models.outbox import Outgoing
from models.permissions import Permission, Scope
from models.posts import Kind
from models.problems import BadValue, NotFound, Problem
from models.survey import (
    AFTER,
    ASKED,
    CLOSED,
    LASTS,
    LINK,
    Answer,
    AutomaticReply,
    SurveyAsked,
    SurveyCount,
    SurveyDue,
    SurveyLink,
    SurveyWays,
    check_text,
)
from models.workspace import Account, Outcome, Workspace

SURVEY = Actor("the survey")
EVERY = timedelta(seconds=30)
DAILY = timedelta(days=1)
AT_ONCE = 100

Chore = tuple[str, timedelta, Callable[[], None]]


def chores(database: Database, clock: Clock, site: str) -> list[Chore]:
    """The chores of the survey. ``site`` is where its links lead."""
    return [
        ("survey", EVERY, partial(ask_ready, database, clock, site)),
        ("survey links", DAILY, partial(forget, database, clock)),
    ]


def survey_ways(db: Session, workspace_id: int) -> SurveyWays:
    """How this workspace asks: its row, or one of the defaults that is not stored."""
    found = db.scalar(select(SurveyWays).where(SurveyWays.workspace_id == workspace_id))
    return found or SurveyWays(workspace_id=workspace_id, audit_id=0, on=False)


def set_ways(database: Database, scope: Scope, on: bool, text: str, at: datetime) -> None:
    """Ask from now on, in these words, or ask no more. Raises ``BadValue`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    kept = check_text(text)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = survey_ways(c.db, scope.workspace_id)
        if (row.on, row.text) == (on, kept) and row.audit_id:
            return
        before = {"on": row.on, "text": row.text}
        row.on, row.text, row.audit_id = on, kept, c.audit_id
        c.db.add(row)
        c.state("change", "survey ways", before=before, after={"on": on, "text": kept})


def note_closing(c: Change, conversation: Conversation, outcome: Outcome, user_id: int) -> None:
    """A person closed it, within that change: it is asked in after ``AFTER``, unless nobody should be.

    Nobody is asked in a conversation of the top grade, nor in one whose outcome is left out of the service level.
    """
    if not survey_ways(c.db, c.workspace_id).on or outcome.left_out or conversation.rank == TOP:
        return
    here = select(SurveyDue).where(
        SurveyDue.workspace_id == c.workspace_id, SurveyDue.conversation_id == conversation.id
    )
    row = c.db.scalar(here) or SurveyDue(
        workspace_id=c.workspace_id, conversation_id=conversation.id, user_id=user_id, ready=c.at
    )
    row.user_id, row.ready = user_id, c.at + AFTER
    c.db.add(row)


def ask_ready(database: Database, clock: Clock, site: str) -> None:
    """Ask where it is time. May run again: nobody is asked twice."""
    now = clock()
    ready = select(SurveyDue.workspace_id, SurveyDue.id).where(SurveyDue.ready <= now).order_by(SurveyDue.ready)
    with database.read() as db:
        found = db.execute(ready.limit(AT_ONCE)).all()
    for workspace_id, key in found:
        _ask(database, workspace_id, key, site, now)


def _ask(database: Database, workspace_id: int, key: int, site: str, now: datetime) -> None:
    with change(database, workspace_id, SURVEY, now) as c:
        row = c.db.get(SurveyDue, key, with_for_update=True)
        if row is None:
            return
        c.db.delete(row)
        conversation = c.db.get_one(Conversation, row.conversation_id)
        ways = survey_ways(c.db, workspace_id)
        if not ways.on or conversation.state != State.CLOSED:
            return
        account = c.db.get_one(Account, conversation.account_id)
        month = _month(c.db, workspace_id, now)
        _count(c.db, workspace_id, month, account.channel, CLOSED)
        token = new_token()
        text = ways.text.replace(LINK, f"{site}/s/{token}")
        digest = _new_to_us(c, conversation, account, text)
        if digest is None:
            return
        reply = _queued(c, conversation, row.user_id, text)
        place = {"workspace_id": workspace_id}
        c.db.add(AutomaticReply(**place, outgoing_id=reply.id))
        c.db.add(SurveyAsked(**place, digest=digest))
        hashed, until = token_hash(token), now + LASTS
        c.db.add(SurveyLink(**place, token_hash=hashed, channel=account.channel, month=month, until=until))
        _count(c.db, workspace_id, month, account.channel, ASKED)
        c.state("survey.ask", "outgoing", reply.id, after=standing(reply) | {"conversation": conversation.id})


def _new_to_us(c: Change, conversation: Conversation, account: Account, text: str) -> str | None:
    """The digest of somebody who was never asked and whom the text may reach; None otherwise."""
    contact = c.db.get_one(Contact, conversation.contact_id)
    digest = c.digest(f"survey/{account.channel}/{contact.network_id}")
    known = select(SurveyAsked.id).where(SurveyAsked.workspace_id == c.workspace_id, SurveyAsked.digest == digest)
    if c.db.scalar(known) is not None or conversation.kind not in (Kind.PUBLIC, Kind.PRIVATE):
        return None
    try:
        check(c.db, conversation, account, text, Kind(conversation.kind), (), c.at)
    except Problem:
        return None
    return digest


def _queued(c: Change, conversation: Conversation, user_id: int, text: str) -> Outgoing:
    """The question in the outbox; an administrator approved its words when they were set."""
    kind = Kind(conversation.kind)
    reply = Outgoing(
        workspace_id=c.workspace_id,
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        author_id=user_id,
        text=text,
        kind=str(kind),
        parent_id=parent_of(c.db, conversation, kind, None),
        written=c.at,
        audit_id=c.audit_id,
    )
    reply.queue(c.at)
    c.db.add(reply)
    c.db.flush()
    return reply


def asks(database: Database, token: str, at: datetime) -> str | None:
    """The name of the workspace that asks by this link; None where it was answered, is over or was never made."""
    with database.read() as db:
        return db.scalar(
            select(Workspace.name)
            .join(SurveyLink, SurveyLink.workspace_id == Workspace.id)
            .where(SurveyLink.token_hash == token_hash(token), SurveyLink.until > at)
        )


def take_answer(database: Database, token: str, said: str, at: datetime) -> None:
    """Count an answer; the link is gone with it. Raises ``BadValue`` for no answer and ``NotFound`` for no open link."""
    if said not in set(Answer):
        raise BadValue("answer", "choose one of those shown")
    mine = delete(SurveyLink).where(SurveyLink.token_hash == token_hash(token), SurveyLink.until > at)
    with database.write() as db:
        found = db.execute(mine.returning(SurveyLink.workspace_id, SurveyLink.month, SurveyLink.channel)).one_or_none()
        if found is None:
            raise NotFound
        _count(db, found.workspace_id, found.month, found.channel, said)


def forget(database: Database, clock: Clock) -> None:
    """Links whose time is over are gone."""
    with database.write() as db:
        db.execute(delete(SurveyLink).where(SurveyLink.until <= clock()))


def _count(db: Session, workspace_id: int, month: str, channel: str, what: str) -> None:
    row = {"workspace_id": workspace_id, "month": month, "channel": channel, "what": what, "count": 1}
    upsert(db.connection(), SurveyCount, [row], sum_up="count")


def _month(db: Session, workspace_id: int, now: datetime) -> str:
    zone = ZoneInfo(db.get_one(Workspace, workspace_id).zone)
    return f"{now.astimezone(zone):%Y-%m}"
