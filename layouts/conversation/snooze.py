"""The form that snoozes a conversation: until when, from a list or to the minute."""

from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts import wording
from layouts.conversation import frame
from models.moves import State
from models.snapshots import Thread
from models.snoozes import OWN, PRESETS

NAME = "snooze"


class Ids(StrEnum):
    UNTIL = "snooze-until"
    DAY = "snooze-day"
    TIME = "snooze-time"


def offered(thread: Thread) -> bool:
    """Whether it may sleep: nothing above the workspace's grade, nothing that is over or asleep."""
    return thread.state not in {State.CLOSED, State.SNOOZED} and thread.grade.rank >= thread.stands.from_rank


def draw(thread: Thread) -> Any:
    """Lengths and times of day to choose from, or a date and a time of one's own in the workspace's zone."""
    there = wording.local(thread.as_at, thread.workspace.zone)
    day = dbc.Input(id=Ids.DAY, type="date", value=f"{there:%Y-%m-%d}", size="sm")
    time = dbc.Input(id=Ids.TIME, type="time", value=f"{there:%H:%M}", size="sm")
    own = [frame.field(Ids.DAY, "Day", day), frame.field(Ids.TIME, "Time", time)]
    fields = [
        frame.choice(Ids.UNTIL, "Until", [*PRESETS, (OWN, "the day and time below")], PRESETS[0][0]),
        html.Div(own, className="form-pairs"),
    ]
    return frame.form(NAME, thread, "Snooze", fields, "Snooze")
