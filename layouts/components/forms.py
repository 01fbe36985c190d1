"""Forms of administration. ``assets/55-forms.js`` gathers a form's fields and hands them to the page's one callback.

A field's id is ``<act>--<of>--<name>``; the last part is the name under which its value is sent.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts.components.attributes import attributes


class Form:
    """Fields and buttons of one act on one thing (``of``)."""

    def __init__(self, act: str, of: object = "") -> None:
        self.act = act
        self.of = str(of)

    def id(self, name: str) -> str:
        """The id of a field."""
        return f"{self.act}--{self.of}--{name}"

    def text(
        self, name: str, label: str, value: object = "", hint: str = "", kind: str = "text", **props: Any
    ) -> html.Div:
        """A line of text; ``kind`` is the type of the input, such as ``date`` or ``password``."""
        told = {"autocomplete": "off", **props}
        field = dbc.Input(id=self.id(name), type=kind, value="" if value is None else value, size="sm", **told)
        return self._labelled(name, label, field, hint)

    def area(self, name: str, label: str, value: str = "", hint: str = "", rows: int = 4) -> html.Div:
        """Several lines of text."""
        return self._labelled(name, label, dbc.Textarea(id=self.id(name), value=value, rows=rows), hint)

    def choice(
        self, name: str, label: str, options: Sequence[tuple[object, str]], value: object = "", hint: str = ""
    ) -> html.Div:
        """One of several."""
        shown = [{"value": str(key), "label": said} for key, said in options]
        return self._labelled(
            name, label, dbc.Select(id=self.id(name), options=shown, value=str(value), size="sm"), hint
        )

    def check(self, name: str, label: str, value: bool = False) -> dbc.Checkbox:
        """Yes or no."""
        return dbc.Checkbox(id=self.id(name), label=label, value=value)

    def checks(self, legend: str, options: Sequence[tuple[str, str, bool]], hint: str = "") -> html.Fieldset:
        """Any of several: (name, label, chosen)."""
        return html.Fieldset(
            [
                html.Legend(legend),
                *([html.P(hint, className="aside")] if hint else []),
                html.Div([self.check(name, label, value) for name, label, value in options], className="checks"),
            ]
        )

    def save(self, label: str = "Save", first: bool = True) -> html.Button:
        """The button that sends the form; Enter in a field presses it too."""
        return button(label, self.act, self.of, first=first, sends=True)

    def draw(self, title: str, *parts: Any, label: str = "", top: bool = False) -> html.Div:
        """The form, with its title as a heading: of the second order where it stands at the top of a card."""
        head = [(html.H2 if top else html.H3)(title)] if title else []
        return html.Div(
            [*head, *parts],
            className="admin-form",
            role="form",
            **attributes(aria_label=label or title, data_form=self.act, data_of=self.of),
        )

    def _labelled(self, name: str, label: str, field: Any, hint: str) -> html.Div:
        said = [html.P(hint, className="aside hint")] if hint else []
        return html.Div([html.Label(label, htmlFor=self.id(name)), *said, field], className="field")


def button(
    label: str,
    act: str,
    of: object = "",
    fields: Mapping[str, Any] | None = None,
    *,
    first: bool = False,
    sends: bool = False,
    described: str = "",
) -> html.Button:
    """A button that does one act at once. ``described`` is its name for those who do not see where it stands."""
    return html.Button(
        label,
        type="button",
        className="button button-first" if first else "button",
        **attributes(
            data_act=act,
            data_of=str(of),
            data_fields=json.dumps(dict(fields)) if fields else None,
            data_sends="true" if sends else None,
            aria_label=described or None,
        ),
    )


def reveal(label: str, value: str, said: str) -> html.Div:
    """Something that is shown this once: a link to hand on. It is selected by its first click."""
    return html.Div(
        [
            html.Label(label, htmlFor="reveal--value"),
            dbc.Input(id="reveal--value", value=value, readonly=True),
            html.P(said, className="aside"),
        ],
        className="reveal",
        role="group",
        **attributes(aria_label=label),
    )
