"""The form that says who should answer: a colleague, a team, or nobody in particular."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from layouts.conversation import frame
from models.conversation import State
from models.snapshots import Thread

NAME = "assign"
NOBODY = "nobody"


class Ids(StrEnum):
    TO = "assign-to"
    REASON = "assign-reason"


def offered(thread: Thread) -> bool:
    """Whether anybody has to answer it still."""
    return thread.state != State.CLOSED


def draw(thread: Thread, people: Mapping[int, str], teams: Mapping[int, str]) -> Any:
    """Whom it can be assigned to. Who holds it now and is not meant holds it no more, which the form says."""
    aside = (
        "" if thread.holder is None or thread.mine else f"{thread.holder} holds it, and is told if it goes elsewhere"
    )
    listed = [*takers(people, teams), (NOBODY, "nobody in particular")]
    fields = [frame.choice(Ids.TO, "To", listed), frame.words(Ids.REASON, "Reason", aside or "if it needs one")]
    return frame.form(NAME, thread, "Assign", fields, "Assign")


def takers(people: Mapping[int, str], teams: Mapping[int, str]) -> Sequence[tuple[str, str]]:
    """People, then teams, as a form names them: ``data.takers.to_of`` reads them."""
    return [
        *((f"user {key}", name) for key, name in people.items()),
        *((f"team {key}", f"{name} (team)") for key, name in teams.items()),
    ]
