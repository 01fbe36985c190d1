"""How a conversation stands beside its state: who graded it, what was answered, and what it waits for."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stands:
    """``assessed`` is when ``by`` graded it last in this episode, with ``answers`` as (question, words) of remote kind.

    ``unassessed``: the contact said something since. ``again`` is from when on it is to be assessed (again). ``topic`` is the
    key of what it is about; ``from_rank`` the most urgent rank that may be snoozed here.
    """

    assessed: datetime | None = None
    by: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    unassessed: bool = True
    again: datetime | None = None
    partner: str = ""
    snoozed_until: datetime | None = None
    topic: int | None = None
    from_rank: int = 2
