"""Keeping the filters under a name: one small form that saves, renames, shares and deletes."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts.components.attributes import attributes
from layouts.queue.fields import select
from layouts.queue.ids import ANY, SAVED, Ids
from layouts.queue.side import is_saved
from models.snapshots import Choices, Queue
from models.views import LONGEST_NAME


def form(queue: Queue, choices: Choices, may_share: bool) -> html.Details:
    """The form. What it may change follows what the list shows: ``changeable(queue)``."""
    shared = [(ANY, "Only me"), *((key, f"Everybody who is {word}") for key, word in choices.roles)]
    name = [
        html.Label("Name of the view", htmlFor=Ids.VIEW_NAME, className="tool-label"),
        dbc.Input(id=Ids.VIEW_NAME, maxLength=LONGEST_NAME, size="sm", autocomplete="off"),
    ]
    fields = [
        html.Div(name, className="tool"),
        select(Ids.VIEW_ROLE, "Who sees it", shared if may_share else shared[:1], ANY),
        html.Div(_buttons(queue), className="actions"),
    ]
    named: Any = {SAVED: changeable(queue), **attributes(aria_label="Saved view")}
    place = html.Div(fields, id=Ids.VIEW_FORM, className="more-filters", role="group", **named)
    return html.Details([html.Summary("Save view", className="button"), place], className="drop")


def _buttons(queue: Queue) -> list[Any]:
    change = [
        html.Button("Rename this view", id=Ids.VIEW_RENAME, className="button", type="button"),
        html.Button("Delete this view", id=Ids.VIEW_DELETE, className="button", type="button"),
    ]
    return [
        html.Button("Save as a new view", id=Ids.VIEW_SAVE, className="button button-first", type="button"),
        html.Span(change, id=Ids.VIEW_CHANGE, className="actions", hidden=not changeable(queue)),
    ]


def changeable(queue: Queue) -> str:
    """The key of the saved view that the list shows, where this person may change it; else empty."""
    here = is_saved(queue)
    return str(here.id) if here is not None and here.may_change else ""
