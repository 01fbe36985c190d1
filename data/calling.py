"""A rule tells the team: the alarms of messages that arrive, in the change that stores them.

Each message and rule is told of once, whatever the pages it came in: also words that an edit took away again were said, and
an edit that says them again is no second alarm. What was answered after it was said calls nobody.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from data.alarms import raise_alarm
from data.inhand import InHand, Version
from data.page import FetchedPage
from data.webhooks import enqueue
from models.alarms import AlarmKind, Cause
from models.conversation import Conversation
from models.moves import TOP
from models.rules import Hit
from models.webhooks import Event


def call(page: FetchedPage) -> None:
    """Raise what rules ask for, once conversations, turns and messages are written; ``page.alarms`` says which alarms."""
    calling = list(_calling(page))
    if not calling:
        return
    keys = {message.conversation_id for message, _, _ in calling}
    wanted = select(Conversation.id, Conversation.team_id).where(
        Conversation.workspace_id == page.account.workspace_id, Conversation.id.in_(keys - {None})
    )
    teams: dict[int, int | None] = {row.id: row.team_id for row in page.db.execute(wanted)}
    for message, version, hit in calling:
        alarm_id = raise_alarm(
            page.change, _cause(page, message, version, hit, teams.get(message.conversation_id or 0))
        )
        if alarm_id is not None:
            page.alarms[alarm_id] = page.alarms.get(alarm_id, 0) + 1


def announce(page: FetchedPage) -> None:
    """Tell webhooks of messages from outside that rules gave the top grade, whatever was answered meanwhile."""
    for message in sorted(page.messages.values(), key=lambda one: one.place):
        if message.inbound and (message.new or message.changed) and message.shown.rank == TOP:
            facts = {"message": message.id, "conversation": message.conversation_id, "by": "rule"}
            enqueue(page.change, Event.TOP, f"message/{message.id}", facts | {"account": page.account.id, "rank": TOP})


def _calling(page: FetchedPage) -> Iterator[tuple[InHand, Version, Hit]]:
    """What was said that calls somebody, the earliest first."""
    over = _over(page)
    for message in sorted(page.messages.values(), key=lambda one: one.place):
        for version in message.ordered():
            answered = over.get(message.turn_id or 0)
            if version.calls and (answered is None or answered < version.at):
                yield from ((message, version, hit) for hit in version.calls)


def _over(page: FetchedPage) -> dict[int, datetime]:
    """When the turns that moved were answered or ended, of those that are."""
    rows = page.unfolding.rows
    moved: list[tuple[int, Any]] = [(row["id"], row) for row in rows.new_turns]
    moved += [(row["key"], row) for row in rows.turns]
    ends = {key: row["replied"] or row["ended"] for key, row in moved}
    return {key: end for key, end in ends.items() if end is not None}


def _cause(page: FetchedPage, message: InHand, version: Version, hit: Hit, team_id: int | None) -> Cause:
    return Cause(
        AlarmKind.RULE,
        f"rule/{hit.rule_id}/{message.id}",
        version.at,
        rank=version.rank,
        account_id=page.account.id,
        team_id=team_id,
        conversation_id=message.conversation_id,
        turn_id=message.turn_id,
        words=hit.rule_name,
        known=page.change.at,
    )
