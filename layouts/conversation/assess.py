"""The form that assesses a conversation: its grade, and the six short answers of THRIVE."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from dash import html

from layouts.conversation import frame
from models.assessing import LONGEST_ANSWER, THRIVE
from models.moves import State
from models.snapshots import Thread

NAME = "assess"


class Ids(StrEnum):
    GRADE = "assess-grade"
    THREAT = "assess-threat"
    HARM = "assess-harm"
    RISK = "assess-risk"
    INVESTIGATION = "assess-investigation"
    VULNERABILITY = "assess-vulnerability"
    ENGAGEMENT = "assess-engagement"


ANSWERS = tuple(zip(THRIVE, list(Ids)[1:], strict=True))
"""Each question with its field."""


def offered(thread: Thread) -> bool:
    """What is closed is assessed no more."""
    return thread.state != State.CLOSED


def draw(thread: Thread, grades: Sequence[tuple[str, str]]) -> Any:
    """The workspace's grades as (key, word), the present one chosen, and the answers of the last assessment to go on from."""
    before = dict(thread.stands.answers)
    answers = [
        frame.line(part, name.capitalize(), before.get(name, ""), longest=LONGEST_ANSWER) for name, part in ANSWERS
    ]
    fields = [
        frame.choice(Ids.GRADE, "Grade", grades, thread.grade.key),
        html.Div(answers, className="form-pairs"),
    ]
    return frame.form(NAME, thread, "Assess", fields, "Save")
