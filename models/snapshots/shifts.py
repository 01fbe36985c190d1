"""What a shift hands over: one instant's open risk, what is due, accounts, decisions; and the hand-overs there were."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from models.snapshots.marks import GradeMark, WorkspaceMark


@dataclass(frozen=True, slots=True)
class HandRow:
    """A conversation that waits, by key: whose it is stands in no stored picture."""

    id: int
    grade: GradeMark
    channel: str
    account: str
    since: datetime
    due: datetime | None
    holder: str | None


@dataclass(frozen=True, slots=True)
class HandAccount:
    """An account that is refused, failing or dead; ``since`` when, where known."""

    handle: str
    channel: str
    state: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class HandGap:
    """Nobody watched an account from ``begins`` until ``ends``; None while nobody did yet."""

    handle: str
    channel: str
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class HandDeed:
    """A decision of the shift as the audit has it."""

    at: datetime
    actor: str
    action: str
    kind: str
    key: int | None


@dataclass(frozen=True, slots=True)
class ShiftPicture:
    """What stood at ``at``, and the decisions since ``since``. ``waiting`` counts by grade, ``held`` by colleague.

    ``risk`` and ``due`` are cut after a page full; ``more_risk`` and ``more_due`` count the rest. ``accounts`` is None where
    how the connectors stood is not known. ``gaps`` since ``since`` are cut in the same way, the longest kept; None in a picture
    that was stored without them.
    """

    at: datetime
    since: datetime
    waiting: tuple[tuple[str, int], ...]
    held: tuple[tuple[str, int], ...]
    risk: tuple[HandRow, ...]
    more_risk: int
    due: tuple[HandRow, ...]
    more_due: int
    accounts: tuple[HandAccount, ...] | None
    deeds: tuple[HandDeed, ...]
    major: str
    major_since: datetime | None
    gaps: tuple[HandGap, ...] | None
    more_gaps: int

    def to_json(self) -> dict[str, Any]:
        """How a picture is stored: instants as ISO text."""
        found: dict[str, Any] = _plain(asdict(self))
        return found


def picture_from(facts: Mapping[str, Any]) -> ShiftPicture:
    """A picture as it was stored."""
    accounts = facts["accounts"]
    return ShiftPicture(
        at=_known(facts["at"]),
        since=_known(facts["since"]),
        waiting=tuple((name, count) for name, count in facts["waiting"]),
        held=tuple((name, count) for name, count in facts["held"]),
        risk=tuple(_row(one) for one in facts["risk"]),
        more_risk=facts["more_risk"],
        due=tuple(_row(one) for one in facts["due"]),
        more_due=facts["more_due"],
        accounts=None
        if accounts is None
        else tuple(HandAccount(**{**one, "since": _instant(one["since"])}) for one in accounts),
        deeds=tuple(HandDeed(**{**one, "at": _known(one["at"])}) for one in facts["deeds"]),
        major=facts["major"],
        major_since=_instant(facts["major_since"]),
        gaps=_gaps(facts.get("gaps")),
        more_gaps=facts.get("more_gaps", 0),
    )


def _gaps(stored: Sequence[Mapping[str, Any]] | None) -> tuple[HandGap, ...] | None:
    if stored is None:
        return None
    return tuple(HandGap(**{**one, "begins": _known(one["begins"]), "ends": _instant(one["ends"])}) for one in stored)


def _row(one: Mapping[str, Any]) -> HandRow:
    times = {"since": _known(one["since"]), "due": _instant(one["due"])}
    return HandRow(**{**one, **times, "grade": GradeMark(**one["grade"])})


def _known(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else _known(text)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One hand-over. ``to`` is whom it names; without ``accepted`` and ``taken_back`` it waits."""

    id: int
    at: datetime
    given: datetime
    by: str
    mine: bool
    to: str | None
    for_me: bool
    note: str
    accepted: datetime | None
    accepted_by: str | None
    taken_back: datetime | None


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """The page of the shift. ``picture`` is what would be handed over, or what ``shown`` did; None where it is not known.

    ``contacts`` are names of today by the key of their conversation. ``chosen`` is the instant that the address asks for.
    """

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    user: str
    picture: ShiftPicture | None
    contacts: Mapping[int, str]
    chosen: datetime | None
    shown: HandedOver | None
    waiting: HandedOver | None
    past: tuple[HandedOver, ...]
    takers: tuple[tuple[int, str], ...]
    may_hand: bool
