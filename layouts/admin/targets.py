"""The grades, each a card: its word and look, the promised times, whether two people see a reply."""

from typing import Any

from dash import html

from layouts import wording
from layouts.components import forms, marks
from models.configuration import LOOKS
from models.snapshots import GradeMark
from models.snapshots.admin import GradeRow, TargetsPage
from models.waits import Clock

CLOCKS = [(Clock.PUBLIC, "wall clock"), (Clock.STAFFED, "staffed hours")]


def body(found: TargetsPage) -> list[Any]:
    """Most urgent first."""
    said = "Changed times hold for what arrives or is answered from now on: what is due already stays due."
    cards = [html.Div(_card(one, found), className="card") for one in found.grades]
    return [
        html.P(said, className="aside"),
        html.Div([*cards, html.Div(_new(found), className="card")], className="cards"),
    ]


def _card(one: GradeRow, found: TargetsPage) -> list[Any]:
    form = forms.Form("targets.change", one.id)
    mark = marks.grade(GradeMark(one.key, one.word, one.rank, one.look))
    place = f"{wording.ordinal(one.rank)} of {len(found.grades)}, called {one.key} in rules"
    head = html.Div([html.H2(mark), html.Span(place, className="aside")], className="card-head")
    return [head, form.draw("", *_fields(form, one, found), form.save(), label=f"Grade {one.word}")]


def _new(found: TargetsPage) -> list[Any]:
    form = forms.Form("targets.add")
    blank = GradeRow(0, "", "", 0, "standard", False, (("", 4 * 3600, Clock.STAFFED),))
    hint = "It becomes the least urgent one: messages that no rule grades get it from then on."
    key = form.text("key", "Name in rules", hint=hint, maxlength=40)
    return [form.draw("One more grade", key, *_fields(form, blank, found), form.save("Add", first=False), top=True)]


def _fields(form: forms.Form, one: GradeRow, found: TargetsPage) -> list[Any]:
    promised = {channel: (seconds, clock) for channel, seconds, clock in one.targets}
    seconds, clock = promised.get("", (0, Clock.PUBLIC))
    own = [
        form.text(
            f"channel:{channel}",
            f"On {wording.channel(channel)}",
            _minutes(promised[channel][0]) if channel in promised else "",
            inputmode="numeric",
        )
        for channel in dict.fromkeys((*found.channels, *(name for name in promised if name)))
    ]
    return [
        html.Div(
            [
                form.text("word", "Word", one.word, maxlength=100),
                form.choice("look", "Shape and colour", [(x, x) for x in LOOKS], one.look),
            ],
            className="fields",
        ),
        html.Div(
            [
                form.text("minutes", "Answered within minutes", _minutes(seconds), inputmode="numeric"),
                form.choice("clock", "Counted", CLOCKS, clock),
            ],
            className="fields",
        ),
        *(
            [
                html.P("Minutes of its own for a channel; nothing: as above.", className="aside hint"),
                html.Div(own, className="fields"),
            ]
            if own
            else []
        ),
        form.check("needs_approval", "A second person approves each reply", one.needs_approval),
    ]


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}" if seconds % 60 == 0 else f"{seconds / 60:.2f}"
