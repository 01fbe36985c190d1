"""Conversations moved by new messages: turns and episodes unfold, and the rows follow (METRICS.md).

What is later than everything stored continues from where the conversation stands; anything else (a late post, an edit)
makes the whole conversation unfold again. Both end in the same rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.ids import Ids
from data.inhand import InHand, recall
from data.practice import Practice
from data.rollups import SketchCell, Waited, local_day, waited
from models.base import MICROSECOND
from models.conversation import Episode, Message, MessageVersion, Position, State, Turn
from models.turns import EpisodeFacts, Said, TurnFacts, Unfolding, What
from models.waits import staffed_wait

FIRST_LINE = 280
"""Characters of the newest message that the queue keeps."""


@dataclass(slots=True)
class Held:
    """A conversation in hand: its row (None for a new one), the messages of this page, and what else was said.

    ``unfolded`` are all its messages, where it had to unfold again.
    """

    id: int
    account_id: int
    contact_id: int
    row: Any = None
    messages: list[InHand] = field(default_factory=list)
    closings: list[Said] = field(default_factory=list)
    unfolded: list[InHand] = field(default_factory=list)
    again: bool = False


@dataclass(slots=True)
class Rows:
    """Rows to write, by kind of statement; each row is touched once."""

    new_conversations: list[dict[str, Any]] = field(default_factory=list)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    new_episodes: list[dict[str, Any]] = field(default_factory=list)
    episodes: list[dict[str, Any]] = field(default_factory=list)
    new_turns: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    gone_turns: list[int] = field(default_factory=list)
    gone_episodes: list[int] = field(default_factory=list)
    waits: list[Waited] = field(default_factory=list)
    stale: set[SketchCell] = field(default_factory=set)


class Threads:
    """Unfolds the conversations of one page into ``rows``."""

    def __init__(self, db: Session, practice: Practice, channel: str, ids: Ids) -> None:
        self.db = db
        self.practice = practice
        self.channel = channel
        self.ids = ids
        self.rows = Rows()
        self.ranks = {grade_id: rank for rank, grade_id in practice.grade_ids.items()}

    def unfold(self, all_held: Iterable[Held]) -> None:
        """Move every conversation; afterwards ``rows`` says what to write and each message knows its turn."""
        again: list[Held] = []
        onward: list[Held] = []
        for held in all_held:
            (again if self._must_unfold_again(held) else onward).append(held)
        standing = self._standing([held.id for held in onward if held.row is not None])
        for held in onward:
            episode, turn = standing.get(held.id, (None, None))
            self._continue(held, episode, turn)
        for held in again:
            self._again(held)

    def _must_unfold_again(self, held: Held) -> bool:
        if held.row is None:
            return False
        times = [message.sent for message in held.messages] + [said.at for said in held.closings]
        return held.again or min(times) <= held.row.last_at

    def _standing(self, conversation_ids: list[int]) -> dict[int, tuple[Any, Any]]:
        """The latest episode and the open turn of each conversation."""
        if not conversation_ids:
            return {}
        turns = {
            turn.conversation_id: turn
            for turn in self.db.execute(
                select(Turn.__table__).where(
                    Turn.conversation_id.in_(conversation_ids), Turn.replied.is_(None), Turn.ended.is_(None)
                )
            )
        }
        episodes = self.db.execute(
            select(Episode.__table__)
            .where(Episode.conversation_id.in_(conversation_ids))
            .order_by(Episode.conversation_id, Episode.opened)
        )
        return {episode.conversation_id: (episode, turns.get(episode.conversation_id)) for episode in episodes}

    def _continue(self, held: Held, episode_row: Any, turn_row: Any) -> None:
        episode = _episode_facts(episode_row) if episode_row is not None else None
        turn = self._turn_facts(turn_row, episode) if turn_row is not None and episode is not None else None
        last_reply = held.row.last_reply if held.row is not None else None
        unfolding = Unfolding(self.practice.gap, open_turn=turn, episode=episode, last_reply=last_reply)
        said = self._said(held.messages) + held.closings
        unfolding.feed(said)
        stored_turns = {turn_row.id: turn_row} if turn_row is not None else {}
        stored_episodes = {episode_row.id: episode_row} if episode_row is not None else {}
        self._write(held, unfolding, stored_turns, stored_episodes)
        self._conversation(held, unfolding, held.messages, said, continued=turn)

    def _said(self, messages: Iterable[InHand]) -> list[Said]:
        return [said for message in messages for said in message.said(self.practice.lowest)]

    def _again(self, held: Held) -> None:
        stored = self._messages(held.id)
        everything = list({message.id: message for message in (*stored, *held.messages)}.values())
        held.unfolded = everything
        turns, episodes = self._stored(held.id)
        closings = [
            Said(row.closed, What.CLOSING, f"closed {row.id}", outcome=row.outcome_id)
            for row in episodes.values()
            if row.closed is not None
        ]
        said = self._said(everything) + closings + held.closings
        unfolding = Unfolding(self.practice.gap).feed(said)
        self._adopt(unfolding, {message.network_id: message.turn_id for message in everything}, turns)
        self._write(held, unfolding, turns, episodes, everything)
        self.rows.gone_turns += sorted(set(turns) - {turn.row for turn in unfolding.turns})
        kept_episodes = {turn.episode.row for turn in unfolding.turns}
        self.rows.gone_episodes += sorted(set(episodes) - kept_episodes)
        self.rows.stale |= {self._cell(turns[key]) for key in set(turns) - {turn.row for turn in unfolding.turns}}
        self._conversation(held, unfolding, everything, said)

    def _messages(self, conversation_id: int) -> list[InHand]:
        versions: dict[int, list[Any]] = {}
        for row in self.db.execute(
            select(MessageVersion.__table__)
            .join(Message, Message.id == MessageVersion.message_id)
            .where(Message.conversation_id == conversation_id)
        ):
            versions.setdefault(row.message_id, []).append(row)
        rows = self.db.execute(select(Message.__table__).where(Message.conversation_id == conversation_id))
        return [recall(row, versions.get(row.id, ()), self.ranks, self.practice) for row in rows]

    def _stored(self, conversation_id: int) -> tuple[dict[int, Any], dict[int, Any]]:
        turns = self.db.execute(select(Turn.__table__).where(Turn.conversation_id == conversation_id))
        episodes = self.db.execute(select(Episode.__table__).where(Episode.conversation_id == conversation_id))
        return {row.id: row for row in turns}, {row.id: row for row in episodes}

    def _adopt(self, unfolding: Unfolding, turn_of: Mapping[str, int | None], turns: Mapping[int, Any]) -> None:
        """Give each turn the stored row that its messages were in, and each episode its turns' row."""
        free = set(turns)
        for turn in unfolding.turns:
            known = sorted({turn_of.get(key) for key in turn.keys} & free - {None}, key=lambda row: row or 0)
            if known and known[0] is not None:
                turn.row = known[0]
                free.discard(known[0])
        taken: set[int] = set()
        for turn in unfolding.turns:
            episode_id = turns[turn.row].episode_id if turn.row is not None else None
            if turn.episode.row is None and episode_id is not None and episode_id not in taken:
                turn.episode.row = episode_id
                taken.add(episode_id)

    def _turn_facts(self, row: Any, episode: EpisodeFacts) -> TurnFacts:
        return TurnFacts(
            episode=episode,
            position=Position(row.position),
            started=row.started,
            rank=self.ranks[row.grade_id],
            row=row.id,
        )

    def _write(
        self,
        held: Held,
        unfolding: Unfolding,
        turns: Mapping[int, Any],
        episodes: Mapping[int, Any],
        messages: Iterable[InHand] | None = None,
    ) -> None:
        """Rows of the turns touched and of their episodes; tells each message its turn."""
        by_key = {message.network_id: message for message in (held.messages if messages is None else messages)}
        seen: dict[int, EpisodeFacts] = {}
        for facts in (*(turn.episode for turn in unfolding.turns), unfolding.episode):
            if facts is not None:
                seen.setdefault(id(facts), facts)
        for facts in seen.values():
            self._write_episode(held.id, facts, episodes)
        for turn in unfolding.turns:
            self._write_turn(held, turn, turns)
            for key in (*turn.keys, *([turn.reply_key] if turn.reply_key else [])):
                if key in by_key:
                    _put_in_turn(by_key[key], turn.row)

    def _write_episode(self, conversation_id: int, facts: EpisodeFacts, stored: Mapping[int, Any]) -> None:
        values = {"opened": facts.opened, "closed": facts.closed, "outcome_id": facts.outcome}
        if facts.row is None:
            facts.row = self.ids.one(Episode)
            self.rows.new_episodes.append({"id": facts.row, "conversation_id": conversation_id, **values})
        elif _differs(stored[facts.row], values):
            self.rows.episodes.append({"key": facts.row, **values})

    def _write_turn(self, held: Held, turn: TurnFacts, stored: Mapping[int, Any]) -> None:
        values = self._turn_values(turn)
        row = stored.get(turn.row) if turn.row is not None else None
        if row is None:
            turn.row = self.ids.one(Turn)
            self.rows.new_turns.append(
                {"id": turn.row, "conversation_id": held.id, "account_id": held.account_id, **values}
            )
        elif _differs(row, values):
            self.rows.turns.append({"key": turn.row, **values})
        self._sketch(held, values, row)

    def _turn_values(self, turn: TurnFacts) -> dict[str, Any]:
        target = self.practice.target(turn.rank, self.channel)
        staffed = None
        if turn.replied is not None:
            staffed = staffed_wait(self.practice.calendar, turn.started, turn.replied) // MICROSECOND
        return {
            "episode_id": turn.episode.row,
            "grade_id": self.practice.grade_ids[turn.rank],
            "position": str(turn.position),
            "started": turn.started,
            "due": self.practice.due(turn.started, turn.rank, self.channel),
            "target_seconds": target.seconds,
            "clock": str(target.clock),
            "replied": turn.replied,
            "replied_by": turn.replied_by,
            "elsewhere": turn.replied is not None and turn.replied_by is None,
            "staffed": staffed,
            "ended": turn.ended,
            "outcome_id": turn.outcome,
        }

    def _sketch(self, held: Held, values: dict[str, Any], row: Any) -> None:
        cell = SketchCell(
            local_day(values["started"], self.practice.zone), held.account_id, values["grade_id"], values["position"]
        )
        before = None if row is None or row.replied is None else (self._cell(row), row.started, row.replied)
        after = None if values["replied"] is None else (cell, values["started"], values["replied"])
        if before is not None and before != after:
            self.rows.stale |= {before[0], cell}
        elif before is None and after is not None:
            self.rows.waits.append(waited(cell, values["started"], values["replied"], values["staffed"]))

    def _cell(self, row: Any) -> SketchCell:
        return SketchCell(local_day(row.started, self.practice.zone), row.account_id, row.grade_id, row.position)

    def _conversation(
        self,
        held: Held,
        unfolding: Unfolding,
        messages: list[InHand],
        said: list[Said],
        continued: TurnFacts | None = None,
    ) -> None:
        values = self._standing_values(held, unfolding, said)
        values |= self._latest_values(held, unfolding, messages, continued)
        times = [message.sent for message in messages] + [one.at for one in held.closings]
        if held.row is None:
            self.rows.new_conversations.append(
                {
                    "id": held.id,
                    "account_id": held.account_id,
                    "contact_id": held.contact_id,
                    "last_at": max(times),
                    **_BLANK,
                    **values,
                }
            )
        else:
            self.rows.conversations.append({"key": held.id, "last_at": max(*times, held.row.last_at), **values})

    def _standing_values(self, held: Held, unfolding: Unfolding, said: list[Said]) -> dict[str, Any]:
        """State, grade and due time, as the open turn has them; without one the grade of the last stays."""
        turn = unfolding.open_turn
        last = max(said).what if said else None
        state = held.row.state if held.row is not None else str(State.WAITING)
        if turn is not None:
            new_inbound = any(message.new and message.inbound for message in held.messages)
            state = str(State.OPEN) if new_inbound or held.row is None or held.row.since is None else state
        elif last is not None:
            state = str(State.CLOSED if last is What.CLOSING else State.WAITING)
        rank = turn.rank if turn else unfolding.turns[-1].rank if unfolding.turns else None
        if rank is None:
            rank = held.row.rank if held.row is not None else self.practice.lowest
        return {
            "state": state,
            "rank": rank,
            "grade_id": self.practice.grade_ids[rank],
            "since": turn.started if turn else None,
            "due": self.practice.due(turn.started, turn.rank, self.channel) if turn else None,
            "last_reply": unfolding.last_reply,
        }

    def _latest_values(
        self, held: Held, unfolding: Unfolding, messages: list[InHand], continued: TurnFacts | None
    ) -> dict[str, Any]:
        """What the queue shows of the newest inbound message, and the flags of the newest turn."""
        inbound = sorted((one for one in messages if one.inbound), key=lambda one: (one.sent, one.network_id))
        if not inbound:
            return {}
        newest, row = inbound[-1], held.row
        values: dict[str, Any] = {
            "first_line": newest.shown.text[:FIRST_LINE],
            "kind": str(newest.kind),
            "language": newest.language,
            "media": bool(newest.media),
        }
        turn = unfolding.turns[-1] if unfolding.turns else None
        keys = set(turn.keys) if turn is not None else set()
        carried = list(row.flags or ()) if turn is not None and turn is continued and row is not None else []
        flags = [flag for one in inbound if one.network_id in keys for flag in (one.hits or {}).get("flags", ())]
        values["flags"] = list(dict.fromkeys([*carried, *flags])) or None
        values["topic_id"] = _last(one.topic_id for one in inbound) or (row.topic_id if row is not None else None)
        values["team_id"] = _last(self.practice.teams.get((one.hits or {}).get("team") or "") for one in inbound) or (
            row.team_id if row is not None else None
        )
        values["assigned_id"] = _last(
            self.practice.users.get((one.hits or {}).get("assign") or "") for one in inbound
        ) or (row.assigned_id if row is not None else None)
        return values


_BLANK = {
    "topic_id": None,
    "team_id": None,
    "assigned_id": None,
    "first_line": "",
    "kind": "public",
    "language": None,
    "media": False,
    "flags": None,
}


def _last(values: Iterable[int | None]) -> int | None:
    found = [value for value in values if value]
    return found[-1] if found else None


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _put_in_turn(message: InHand, turn_id: int | None) -> None:
    if message.turn_id != turn_id:
        message.turn_id = turn_id
        message.changed = True


def _episode_facts(row: Any) -> EpisodeFacts:
    return EpisodeFacts(opened=row.opened, closed=row.closed, outcome=row.outcome_id, row=row.id)
