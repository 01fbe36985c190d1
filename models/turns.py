"""Turns and episodes out of what was said, to METRICS.md: a pure fold, so that any order of arrival ends the same.

**Turn**: a run of inbound messages from the contact with no human reply between; it starts at its oldest message.
**Episode**: consecutive turns, ended by closing, or by a gap after our last human reply without an inbound message;
waiting never ends either. A turn counts under the most urgent grade it held while it was open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from operator import attrgetter

from models.conversation import Position


class What(IntEnum):
    """What happened, in the order in which things of one instant count."""

    INBOUND = 0
    REGRADE = 1
    ASSESSMENT = 2
    REPLY = 3
    CLOSING = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that moves a conversation. ``key`` names the message (its network id) and breaks ties of time.

    ``rank`` is the urgency an inbound message, a regrade of one or a person's assessment gives (1 the most urgent); ``by`` the
    user of a reply, None where it was written elsewhere. ``unheard`` is a closing that did not know of this message, though
    it was sent before: the message comes after it.
    """

    at: datetime
    what: What
    key: str
    rank: int = 0
    by: int | None = None
    outcome: int | None = None
    unheard: datetime | None = None

    @property
    def moves(self) -> datetime:
        """The instant at which it moves the conversation."""
        return self.at if self.unheard is None else max(self.at, self.unheard)

    @property
    def place(self) -> tuple[datetime, bool, datetime, What, str, int]:
        """Where it comes in the conversation: by time; at one instant in the order of ``What``, then by key."""
        return self.moves, self.unheard is not None, self.at, self.what, self.key, self.rank


@dataclass(slots=True)
class EpisodeFacts:
    """An episode as the fold sees it. ``row`` is its id where it is stored already."""

    opened: datetime
    closed: datetime | None = None
    outcome: int | None = None
    row: int | None = None


@dataclass(slots=True)
class TurnFacts:
    """A turn as the fold sees it. ``keys`` are the messages fed in this fold that belong to it.

    ``rank`` is the most urgent grade it held; ``assessed`` when a named person first graded it or replied; ``paused`` the
    staffed seconds by which its due time has moved.
    """

    episode: EpisodeFacts
    position: Position
    started: datetime
    rank: int
    replied: datetime | None = None
    reply_key: str | None = None
    replied_by: int | None = None
    ended: datetime | None = None
    outcome: int | None = None
    assessed: datetime | None = None
    paused: int = 0
    keys: list[str] = field(default_factory=list)
    row: int | None = None

    @property
    def open(self) -> bool:
        """Nobody answered it and nobody closed it."""
        return self.replied is None and self.ended is None


@dataclass(slots=True)
class Unfolding:
    """A conversation under way. ``feed`` it what was said; ``turns`` are those touched, oldest first.

    Starts empty, or from where the stored conversation stands (``open_turn``, ``episode``, ``last_reply``); then everything
    fed must be later than everything that led there. A regrade reaches only messages fed to the same turn object.

    ``rank`` is the grade held now: messages raise it, and a person sets it, up or down. ``assessed_rank`` is what a person
    set last in this episode, which the next turn begins with.
    """

    gap: timedelta
    open_turn: TurnFacts | None = None
    episode: EpisodeFacts | None = None
    last_reply: datetime | None = None
    rank: int | None = None
    assessed_rank: int | None = None
    turns: list[TurnFacts] = field(default_factory=list)

    def __post_init__(self) -> None:
        """An open turn that is stored already is touched by whatever comes next."""
        if self.open_turn is not None:
            self.turns.append(self.open_turn)

    @property
    def episodes(self) -> list[EpisodeFacts]:
        """Those of the turns touched and the latest, each once."""
        all_facts = [turn.episode for turn in self.turns] + ([self.episode] if self.episode is not None else [])
        return list({id(facts): facts for facts in all_facts}.values())

    @property
    def closed(self) -> bool:
        """The latest episode was closed and nothing was said after that."""
        if self.open_turn is not None or self.episode is None or self.episode.closed is None:
            return False
        return self.last_reply is None or self.last_reply <= self.episode.closed

    def feed(self, all_said: Iterable[Said]) -> "Unfolding":
        """Take everything in its order and return the same unfolding."""
        moves = (self._inbound, self._regrade, self._assessment, self._reply, self._closing)
        for said in sorted(all_said, key=attrgetter("place")):
            moves[said.what](said)
        return self

    def _inbound(self, said: Said) -> None:
        if self.open_turn is None:
            self.open_turn = self._begin(said)
            self.rank = self.open_turn.rank
            self.turns.append(self.open_turn)
        self._raise(self.open_turn, said.rank)
        self.open_turn.keys.append(said.key)

    def _begin(self, said: Said) -> TurnFacts:
        position = Position.NEXT
        if self.episode is None or self._over(said.moves):
            self.episode = EpisodeFacts(opened=said.moves)
            self.assessed_rank = None
            position = Position.FIRST
        rank = min(said.rank, self.assessed_rank or said.rank)
        return TurnFacts(episode=self.episode, position=position, started=said.at, rank=rank)

    def _raise(self, turn: TurnFacts, rank: int) -> None:
        """Its grade is at least this urgent now."""
        turn.rank = min(turn.rank, rank)
        self.rank = min(self.rank or rank, rank)

    def _over(self, at: datetime) -> bool:
        if self.episode is None or self.episode.closed is not None:
            return True
        return self.last_reply is not None and at - self.last_reply > self.gap

    def _regrade(self, said: Said) -> None:
        if self.open_turn is not None and said.key in self.open_turn.keys:
            self._raise(self.open_turn, said.rank)

    def _assessment(self, said: Said) -> None:
        """A person graded it: the turn still counts under the most urgent grade that it held."""
        self.rank = self.assessed_rank = said.rank
        if self.open_turn is not None:
            self.open_turn.rank = min(self.open_turn.rank, said.rank)
            self.open_turn.assessed = self.open_turn.assessed or said.at

    def _reply(self, said: Said) -> None:
        self.last_reply = said.at
        if self.open_turn is not None:
            if said.by is not None:
                self.open_turn.assessed = self.open_turn.assessed or said.at
            self.open_turn.replied, self.open_turn.reply_key = said.at, said.key
            self.open_turn.replied_by = said.by
            self.open_turn = None

    def _closing(self, said: Said) -> None:
        if self.open_turn is not None:
            self.open_turn.ended, self.open_turn.outcome = said.at, said.outcome
            self.open_turn = None
        if self.episode is not None and self.episode.closed is None:
            self.episode.closed, self.episode.outcome = said.at, said.outcome
