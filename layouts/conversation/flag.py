"""The form for flags that people set."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from models.snapshots import Thread

NAME = "flag"


class Ids(StrEnum):
    WORDS = "flag-words"


def offered(_thread: Thread) -> bool:
    """Any conversation may be flagged."""
    return True


def draw(thread: Thread, words: Sequence[str]) -> Any:
    """The workspace's words, and those that stand on the conversation though the list no longer has them."""
    standing = list(thread.bonds.raised)
    listed = [*words, *(word for word in standing if word not in words)]
    options = [{"value": word, "label": marks.plain(word)} for word in listed]
    boxes = dbc.Checklist(id=Ids.WORDS, options=options, value=standing, inline=True)
    field = html.Div(boxes, className="form-field", role="group", **attributes(aria_label="Flags"))
    aside = html.P(
        "Flags of rules go with the messages they were found in; these stay until cleared.", className="aside"
    )
    return frame.form(NAME, thread, "Flags", [field, aside], "Set these flags")
