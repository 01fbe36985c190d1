"""Episodes closed with an outcome, in the same unfolding that intake uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from data.audit import Change, change
from data.database import Database
from data.ids import Ids
from data.page import AccountFacts
from data.practice import Practice, practice
from data.threads import Thread, Threads
from data.writing import Writer, finish_threads, write_threads
from models.audit import Actor
from models.conversation import Contact, Conversation, Message
from models.turns import Said, What
from models.workspace import Outcome

_CONVERSATIONS = (
    select(Conversation.__table__, Contact.network_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .where(
        Conversation.workspace_id == bindparam("workspace_id"),
        Conversation.account_id == bindparam("account_id"),
        Contact.network_id.in_(bindparam("network_ids", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True)
class Closing:
    """One conversation to close: its contact by the network's id, when, and with which outcome."""

    contact: str
    at: datetime
    outcome: str


def close_all(
    database: Database, account: AccountFacts, closings: Iterable[Closing], actor: Actor, at: datetime
) -> int:
    """Close the conversations of one account at the instants given; returns how many closings took effect.

    One change and one event for all of them, none where nothing was closed. Unknown contacts and outcomes are passed
    over, and so is what was closed already by then or held nothing to close.
    """
    with change(database, account.workspace_id, actor, at) as under_way:
        ways = practice(under_way.db, account.workspace_id)
        threads = _threads(under_way, account, closings)
        unfolding = Threads(under_way.db, ways, account.channel, Ids(under_way.db), at)
        unfolding.unfold(threads)
        closed = [[thread.id, said.at.isoformat()] for thread in threads for said in thread.closed]
        if closed:
            write_closed(under_way, ways, unfolding, threads)
            under_way.state("conversation.closed", "account", account.id, after={"conversations": closed})
    return len(closed)


def write_closed(under_way: Change, ways: Practice, unfolding: Threads, threads: list[Thread]) -> None:
    """Everything that moved by closings."""
    writer = Writer(under_way)
    write_threads(unfolding.rows, writer, ways, under_way.at)
    moved = [message for thread in threads for message in thread.whole if message.changed]
    writer.update(Message, [{"key": message.id, "turn_id": message.turn_id} for message in moved])
    finish_threads(unfolding.rows, writer, ways, under_way)


def _threads(under_way: Change, account: AccountFacts, closings: Iterable[Closing]) -> list[Thread]:
    db = under_way.db
    outcomes = {
        row.word: row.id for row in db.scalars(select(Outcome).where(Outcome.workspace_id == account.workspace_id))
    }
    wanted: dict[str, list[Said]] = {}
    for one in closings:
        if one.outcome in outcomes:
            said = Said(one.at, What.CLOSING, one.outcome, outcome=outcomes[one.outcome])
            wanted.setdefault(one.contact, []).append(said)
    asked: dict[str, Any] = {"workspace_id": account.workspace_id, "account_id": account.id}
    rows = db.execute(_CONVERSATIONS, asked | {"network_ids": sorted(wanted)})
    return [Thread(row.id, account.id, row.contact_id, row, closings=wanted[row.network_id]) for row in rows]
