"""The form that asks for an expert: which skill, with how many who could be called now."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from dash import html

from layouts import wording
from layouts.conversation import frame
from models.moves import State
from models.snapshots import Thread

NAME = "expert"


class Ids(StrEnum):
    SKILL = "expert-skill"


def offered(thread: Thread) -> bool:
    """Whether anything is still to be done about it."""
    return thread.state != State.CLOSED


def draw(thread: Thread, words: Sequence[tuple[str, int, int]]) -> Any:
    """``words`` are the skills known here, with how many are accredited and how many of them are on duty."""
    if not words:
        empty = "No skill or language is kept here yet. A supervisor keeps them on the page Experts."
        return frame.form(NAME, thread, "Ask for an expert", [html.P(empty)], "")
    skills = [(word, f"{word} ({wording.number(on)} on duty of {wording.number(count)})") for word, count, on in words]
    told = "One is called; without an answer in 5 minutes, the next. If none is left, supervisors are told."
    fields = [frame.choice(Ids.SKILL, "Skill or language", skills), html.P(told, className="aside")]
    return frame.form(NAME, thread, "Ask for an expert", fields, "Ask")
