"""Episodes closed with an outcome, in the same unfolding that intake uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from data.audit import change
from data.database import Database
from data.ids import Ids
from data.page import AccountFacts
from data.practice import practice
from data.threads import Held, Threads
from data.writing import Writer, drop_threads, write_sketches, write_threads
from models.audit import Actor
from models.conversation import Contact, Conversation, Message
from models.turns import Said, What
from models.workspace import Outcome


@dataclass(frozen=True, slots=True)
class Closing:
    """One conversation to close: its contact by the network's id, when, and with which outcome."""

    contact: str
    at: datetime
    outcome: str


def close_all(database: Database, account: AccountFacts, closings: Iterable[Closing], actor: Actor, at: datetime) -> int:
    """Close the conversations of one account at the instants given; returns how many were found and closed.

    One change and one event for all of them. Unknown contacts and outcomes are passed over.
    """
    wanted = {one.contact: one for one in closings}
    with change(database, account.workspace_id, actor, at) as under_way:
        db = under_way.db
        ways = practice(db, account.workspace_id)
        outcomes = {row.word: row.id for row in db.scalars(select(Outcome).where(Outcome.workspace_id == account.workspace_id))}
        rows = db.execute(
            select(Conversation.__table__, Contact.network_id)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Conversation.account_id == account.id, Contact.network_id.in_(wanted))
        ).all()
        threads = Threads(db, ways, account.channel, Ids(db))
        all_held = [
            Held(row.id, account.id, row.contact_id, row, closings=[_said(wanted[row.network_id], outcomes)])
            for row in rows
            if wanted[row.network_id].outcome in outcomes
        ]
        threads.unfold(all_held)
        writer = Writer(under_way, account.workspace_id)
        write_threads(threads.rows, writer)
        moved = [message for held in all_held for message in held.unfolded if message.changed]
        writer.update(Message, [{"key": message.id, "turn_id": message.turn_id} for message in moved])
        drop_threads(threads.rows, writer)
        write_sketches(threads, under_way, ways)
        if all_held:
            closed = [[held.id, wanted_at.isoformat()] for held in all_held for wanted_at in [held.closings[0].at]]
            under_way.state("conversation.closed", "account", account.id, after={"conversations": closed})
    return len(all_held)


def _said(closing: Closing, outcomes: dict[str, int]) -> Said:
    return Said(closing.at, What.CLOSING, "closing", outcome=outcomes[closing.outcome])
