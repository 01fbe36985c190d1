"""Conversations moved by new messages: turns and episodes unfold, and the rows follow (METRICS.md).

What is later than everything stored continues from where the conversation stands; anything else (a late post, an edit)
makes the whole conversation unfold again. Both end in the same rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from data.ids import Ids
from data.inhand import InHand, recall
from data.practice import Practice
from data.rollups import SketchCell, Waited, local_day, waited
from data.summary import BLANK, assessing, kept_topic, latest, ruled, shown, standing, state_of, told
from models.assessing import Assessment
from models.base import MICROSECOND
from models.conversation import Episode, Message, MessageVersion, Position, State, Turn
from models.moves import REASON_FROM
from models.turns import EpisodeFacts, Said, TurnFacts, Unfolding, What
from models.waits import staffed_wait

Closings = Sequence[tuple[datetime, datetime | None]]
LAST = datetime.max.replace(tzinfo=UTC)
_THESE: Any = bindparam("conversation_ids", expanding=True)
_LATER = aliased(Episode)
_OPEN_TURNS = select(Turn.__table__).where(
    Turn.conversation_id.in_(_THESE), Turn.replied.is_(None), Turn.ended.is_(None)
)
_LATEST_EPISODES = select(Episode.__table__).where(
    Episode.conversation_id.in_(_THESE),
    Episode.opened
    == select(func.max(_LATER.opened)).where(_LATER.conversation_id == Episode.conversation_id).scalar_subquery(),
)
_ALL_TURNS = select(Turn.__table__).where(Turn.conversation_id.in_(_THESE))
_ALL_EPISODES = select(Episode.__table__).where(Episode.conversation_id.in_(_THESE))
_ALL_ASSESSMENTS = select(Assessment.__table__).where(
    Assessment.conversation_id.in_(_THESE), Assessment.withdrawn.is_(None)
)
_ALL_MESSAGES = select(Message.__table__).where(Message.conversation_id.in_(_THESE))
_ALL_VERSIONS = (
    select(MessageVersion.__table__)
    .join(Message, Message.id == MessageVersion.message_id)
    .where(Message.conversation_id.in_(_THESE))
)


@dataclass(slots=True)
class Thread:
    """A conversation in hand: its row (None for a new one), the messages that move it, and how people close and assess it.

    ``whole`` holds all its messages where it must unfold ``again``; ``closed`` are the closings that took effect. ``undone``
    is a stored closing that counts no longer. ``moved`` are values that a person's move gave the row.
    """

    id: int
    account_id: int
    contact_id: int
    row: Any = None
    messages: list[InHand] = field(default_factory=list)
    closings: list[Said] = field(default_factory=list)
    assessments: list[Said] = field(default_factory=list)
    undone: datetime | None = None
    moved: dict[str, Any] = field(default_factory=dict)
    whole: list[InHand] = field(default_factory=list)
    closed: list[Said] = field(default_factory=list)
    again: bool = False

    def put(self, message: InHand) -> None:
        """This message moves the conversation."""
        self.again = self.again or not message.new
        message.conversation_id = self.id
        if message not in self.messages:
            self.messages.append(message)

    @property
    def acts(self) -> list[Said]:
        """What people did with it."""
        return [*self.closings, *self.assessments]

    def goes_on(self) -> bool:
        """Whether everything that moves it is later than everything it holds."""
        if self.row is None:
            return True
        times = [message.sent for message in self.messages] + [said.at for said in self.acts]
        return not self.again and min(times, default=LAST) > self.row.last_at


@dataclass(frozen=True, slots=True)
class Stored:
    """Rows of conversations before they move, by key, and how people assessed them."""

    turns: dict[int, Any]
    episodes: dict[int, Any]
    assessed: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class ThreadRows:
    """Rows to write, by kind of statement; each row is touched once. ``stale`` sketches hold a wait that was corrected.

    ``before`` are the conversations as they stood.
    """

    new_conversations: list[dict[str, Any]] = field(default_factory=list)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    new_episodes: list[dict[str, Any]] = field(default_factory=list)
    episodes: list[dict[str, Any]] = field(default_factory=list)
    new_turns: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    gone_turns: list[int] = field(default_factory=list)
    gone_episodes: list[int] = field(default_factory=list)
    before: dict[int, Any] = field(default_factory=dict)
    waits: list[Waited] = field(default_factory=list)
    stale: set[SketchCell] = field(default_factory=set)


class Threads:
    """Unfolds the conversations of one page into ``rows``; ``at`` is when they are written."""

    def __init__(self, db: Session, practice: Practice, channel: str, ids: Ids, at: datetime) -> None:
        self.rows = ThreadRows()
        self._at = at
        self._db = db
        self._practice = practice
        self._channel = channel
        self._ids = ids

    def unfold(self, threads: Iterable[Thread], in_hand: Iterable[InHand] = ()) -> None:
        """Move every conversation; afterwards ``rows`` says what to write and each message knows its turn.

        ``in_hand`` are all messages that somebody else is changing, so that each is there once.
        """
        onward: list[Thread] = []
        again: list[Thread] = []
        for thread in threads:
            (onward if thread.goes_on() else again).append(thread)
        self._all_onward(onward)
        self._all_again(again, {message.id: message for message in in_hand})

    def _find(self, statement: Any, threads: Iterable[Thread]) -> list[Any]:
        asked = [thread.id for thread in threads if thread.row is not None]
        return list(self._db.connection().execute(statement, {"conversation_ids": asked})) if asked else []

    def _all_onward(self, threads: list[Thread]) -> None:
        turns = {row.conversation_id: row for row in self._find(_OPEN_TURNS, threads)}
        episodes = {row.conversation_id: row for row in self._find(_LATEST_EPISODES, threads)}
        for thread in threads:
            self._onward(thread, episodes.get(thread.id), turns.get(thread.id))

    def _onward(self, thread: Thread, episode_row: Any, turn_row: Any) -> None:
        episode = None
        if episode_row is not None:
            episode = EpisodeFacts(episode_row.opened, episode_row.closed, episode_row.outcome_id, episode_row.id)
        turn = self._turn_facts(turn_row, episode) if turn_row is not None and episode is not None else None
        unfolding = Unfolding(
            self._practice.gap,
            open_turn=turn,
            episode=episode,
            last_reply=thread.row.last_reply if thread.row is not None else None,
            rank=thread.row.rank if thread.row is not None else None,
            assessed_rank=thread.row.assessed_rank if thread.row is not None else None,
        )
        said = self._said(thread.messages)
        unfolding.feed([*said, *thread.acts])
        stored = Stored(
            {turn_row.id: turn_row} if turn_row is not None else {},
            {episode_row.id: episode_row} if episode_row is not None else {},
        )
        self._resume(thread, unfolding)
        self._write_turns(thread, thread.messages, unfolding, stored)
        values = standing(self._practice, self._channel, unfolding, state_of(thread, unfolding))
        values |= assessing(thread, unfolding)
        values |= self._shown_onward(thread, unfolding, turn, had_turns=episode is not None)
        last = latest(thread.messages, unfolding, [one.at for one in said])
        before = thread.row.last_at if thread.row is not None else None
        values["last_at"] = max(at for at in (last, before) if at is not None)
        self._write_conversation(thread, values)

    def _said(self, messages: Iterable[InHand], closings: Closings = ()) -> list[Said]:
        return [said for message in messages for said in message.said(self._practice.lowest, closings)]

    def _turn_facts(self, row: Any, episode: EpisodeFacts) -> TurnFacts:
        rank = self._practice.ranks[row.grade_id]
        place = Position(row.position)
        return TurnFacts(episode, place, row.started, rank, assessed=row.assessed, paused=row.paused, row=row.id)

    def _all_again(self, threads: list[Thread], in_hand: Mapping[int, InHand]) -> None:
        versions: dict[int, list[Any]] = {}
        for row in self._find(_ALL_VERSIONS, threads):
            versions.setdefault(row.message_id, []).append(row)
        messages: dict[int, list[InHand]] = {thread.id: [] for thread in threads}
        for row in self._find(_ALL_MESSAGES, threads):
            messages[row.conversation_id].append(recall(row, versions.get(row.id, ()), self._practice))
        stored = {thread.id: Stored({}, {}) for thread in threads}
        for row in self._find(_ALL_ASSESSMENTS, threads):
            stored[row.conversation_id].assessed.append(assessed(row, self._practice))
        for row in self._find(_ALL_TURNS, threads):
            stored[row.conversation_id].turns[row.id] = row
        for row in self._find(_ALL_EPISODES, threads):
            stored[row.conversation_id].episodes[row.id] = row
        for thread in threads:
            before = messages[thread.id]
            now = {one.id: in_hand.get(one.id, one) for one in (*before, *thread.messages)}
            thread.whole = list(now.values())
            self._again(thread, before, stored[thread.id])

    def _again(self, thread: Thread, before: list[InHand], stored: Stored) -> None:
        closed = [row for row in stored.episodes.values() if row.closed not in (None, thread.undone)]
        said = self._said(thread.whole, [(row.closed, row.settled) for row in closed])
        acts = [Said(row.closed, What.CLOSING, f"closed {row.id}", outcome=row.outcome_id) for row in closed]
        unfolding = Unfolding(self._practice.gap).feed([*said, *acts, *stored.assessed, *thread.acts])
        _adopt(unfolding, {one.network_id: one.turn_id for one in thread.whole}, stored)
        self._resume(thread, unfolding)
        self._write_turns(thread, thread.whole, unfolding, stored)
        self._drop(unfolding, stored)
        values = standing(self._practice, self._channel, unfolding, state_of(thread, unfolding))
        values |= assessing(thread, unfolding)
        values |= self._shown_again(thread, unfolding, before)
        values["last_at"] = latest(thread.whole, unfolding, [one.at for one in said])
        self._write_conversation(thread, values)

    def _drop(self, unfolding: Unfolding, stored: Stored) -> None:
        gone = sorted(set(stored.turns) - {turn.row for turn in unfolding.turns})
        self.rows.gone_turns += gone
        self.rows.gone_episodes += sorted(set(stored.episodes) - {turn.episode.row for turn in unfolding.turns})
        self.rows.stale |= {self._cell(stored.turns[key]) for key in gone if stored.turns[key].replied is not None}

    def _resume(self, thread: Thread, unfolding: Unfolding) -> None:
        """What was with a partner and is no longer: its due time moves by the staffed time that passed (METRICS.md)."""
        row, turn = thread.row, unfolding.open_turn
        if turn is None or turn.row is None or row is None or row.state != State.PARTNER or row.rank <= REASON_FROM:
            return
        begun = max(turn.started, row.state_since or self._at)
        if state_of(thread, unfolding) is not State.PARTNER and begun < self._at:
            turn.paused += staffed_wait(self._practice.calendar, begun, self._at) // timedelta(seconds=1)

    def _write_turns(self, thread: Thread, messages: Iterable[InHand], unfolding: Unfolding, stored: Stored) -> None:
        """Rows of the turns touched and of their episodes; tells each of ``messages`` its turn."""
        for facts in unfolding.episodes:
            self._write_episode(thread, facts, stored.episodes)
        took = {(facts.closed, facts.outcome) for facts in unfolding.episodes}
        took -= {(row.closed, row.outcome_id) for row in stored.episodes.values()}
        thread.closed = [said for said in thread.closings if (said.at, said.outcome) in took]
        turn_of: dict[str, int | None] = {}
        for turn in unfolding.turns:
            self._write_turn(thread, turn, stored.turns)
            turn_of |= dict.fromkeys([*turn.keys, *([turn.reply_key] if turn.reply_key else [])], turn.row)
        for message in messages:
            if message.turn_id != turn_of.get(message.network_id):
                message.turn_id = turn_of.get(message.network_id)
                message.changed = True

    def _write_episode(self, thread: Thread, facts: EpisodeFacts, stored: Mapping[int, Any]) -> None:
        values = {"opened": facts.opened, "closed": facts.closed, "outcome_id": facts.outcome}
        row = stored.get(facts.row) if facts.row is not None else None
        settled = row.settled if row is not None and row.closed == facts.closed else self._at if thread.moved else None
        values["settled"] = settled if facts.closed else None
        if facts.row is None:
            facts.row = self._ids.one(Episode)
            self.rows.new_episodes.append({"id": facts.row, "conversation_id": thread.id, **values})
        elif _differs(stored[facts.row], values):
            self.rows.episodes.append({"key": facts.row, **values})

    def _write_turn(self, thread: Thread, turn: TurnFacts, stored: Mapping[int, Any]) -> None:
        values = self._turn_values(turn)
        row = stored.get(turn.row) if turn.row is not None else None
        if row is None:
            turn.row = self._ids.one(Turn)
            home = {"conversation_id": thread.id, "account_id": thread.account_id}
            self.rows.new_turns.append({"id": turn.row, **home, **values})
        elif _differs(row, values):
            self.rows.turns.append({"key": turn.row, **values})
        self._sketch(thread.account_id, values, row)

    def _turn_values(self, turn: TurnFacts) -> dict[str, Any]:
        target = self._practice.target(turn.rank, self._channel)
        staffed = None
        if turn.replied is not None:
            staffed = staffed_wait(self._practice.calendar, turn.started, turn.replied) // MICROSECOND
        return {
            "episode_id": turn.episode.row,
            "grade_id": self._practice.grade_ids[turn.rank],
            "position": str(turn.position),
            "started": turn.started,
            "due": self._practice.due(turn.started, turn.rank, self._channel, turn.paused),
            "paused": turn.paused,
            "target_seconds": target.seconds,
            "clock": str(target.clock),
            "replied": turn.replied,
            "replied_by": turn.replied_by,
            "elsewhere": turn.replied is not None and turn.replied_by is None,
            "staffed": staffed,
            "assessed": turn.assessed,
            "ended": turn.ended,
            "outcome_id": turn.outcome,
        }

    def _sketch(self, account_id: int, values: dict[str, Any], row: Any) -> None:
        """A new wait joins its sketches; one that is no longer what it was makes them stale."""
        day = local_day(values["started"], self._practice.zone)
        cell = SketchCell(day, account_id, values["grade_id"], values["position"])
        if row is not None and row.replied is not None:
            before = (self._cell(row), row.started, row.replied, row.staffed)
            if before != (cell, values["started"], values["replied"], values["staffed"]):
                self.rows.stale |= {self._cell(row), cell}
        elif values["replied"] is not None:
            self.rows.waits.append(waited(cell, values["started"], values["replied"], values["staffed"]))

    def _cell(self, row: Any) -> SketchCell:
        return SketchCell(local_day(row.started, self._practice.zone), row.account_id, row.grade_id, row.position)

    def _shown_onward(
        self, thread: Thread, unfolding: Unfolding, continued: TurnFacts | None, had_turns: bool
    ) -> dict[str, Any]:
        """What the queue shows, where only later messages came."""
        values = dict(BLANK) if thread.row is None else {}
        if unfolding.turns and thread.messages:
            carried = list(thread.row.flags or ()) if unfolding.turns[-1] is continued else []
            values["flags"] = carried + [flag for flag in _flags(unfolding, thread.messages) if flag not in carried]
            values["flags"] = values["flags"] or None
        heard = told(thread.messages)
        if not heard or (had_turns and heard[-1].spam):
            return values
        given = ruled(self._practice, heard)
        if thread.row is not None and (had_turns or heard[-1].spam):
            given = {name: value or getattr(thread.row, name) for name, value in given.items()}
        return values | shown(heard[-1]) | given | kept_topic(thread, unfolding)

    def _shown_again(self, thread: Thread, unfolding: Unfolding, before: list[InHand]) -> dict[str, Any]:
        """The same from all messages. What the rules did not give was set by a person since, and stays."""
        heard = told(thread.whole)
        was, given = ruled(self._practice, told(before)), ruled(self._practice, heard)
        kept = {name: getattr(thread.row, name) for name in given if getattr(thread.row, name) != was[name]}
        values = BLANK | (shown(heard[-1]) if heard else {}) | given | kept | kept_topic(thread, unfolding)
        return values | {"flags": _flags(unfolding, thread.whole) or None}

    def _write_conversation(self, thread: Thread, values: dict[str, Any]) -> None:
        self.rows.before[thread.id] = thread.row
        values |= thread.moved
        if thread.row is None:
            home = {"id": thread.id, "account_id": thread.account_id, "contact_id": thread.contact_id}
            self.rows.new_conversations.append(home | values)
        elif _differs(thread.row, values):
            self.rows.conversations.append({"key": thread.id, **values})


def assessed(row: Any, practice: Practice) -> Said:
    """A stored assessment as one thing that moves its conversation."""
    return Said(row.at, What.ASSESSMENT, f"assessed {row.id:020}", rank=practice.ranks[row.grade_id], by=row.user_id)


def _adopt(unfolding: Unfolding, turn_of: Mapping[str, int | None], stored: Stored) -> None:
    """Give each turn the stored row that its messages were in, and each episode its turns' row."""
    free = set(stored.turns)
    taken: set[int] = set()
    for turn in unfolding.turns:
        known = sorted({key for key in map(turn_of.get, turn.keys) if key is not None and key in free})
        if not known:
            continue
        turn.row, turn.paused = known[0], stored.turns[known[0]].paused
        free.discard(known[0])
        episode_id = stored.turns[known[0]].episode_id
        if turn.episode.row is None and episode_id not in taken:
            turn.episode.row = episode_id
            taken.add(episode_id)


def _flags(unfolding: Unfolding, messages: Iterable[InHand]) -> list[str]:
    """What rules flagged in the newest turn, in order and once."""
    by_key = {message.network_id: message for message in messages}
    keys = unfolding.turns[-1].keys if unfolding.turns else []
    return list(dict.fromkeys(flag for key in keys for flag in by_key[key].flags))


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())
