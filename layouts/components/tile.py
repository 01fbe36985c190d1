"""A tile of a board. Its parts have ids; what they say comes from one dictionary, at first paint and by push."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.components.attributes import attributes

Props = Mapping[str, Mapping[str, Any]]
"""What parts say: ``{component id: {property: text}}``. Values are strings or None, never components."""


def placed(props: Props, part: str, tag: type[Component] = html.Span, **fixed: Any) -> Component:
    """The element with this id, saying what ``props`` says of it."""
    return tag(**{"id": part, **fixed, **props.get(part, {})})


def definition(title: str, text: str) -> html.Details:
    """What a figure means, one click (or Enter) away."""
    summary = html.Summary(
        [
            html.Span("?", **attributes(aria_hidden="true")),
            html.Span(f"What “{title}” means", className="visually-hidden"),
        ]
    )
    return html.Details([summary, html.P(text)], className="definition")


def head(props: Props, title: str, caption: str, meaning: str) -> html.Div:
    """A tile's name, what it counts and when, and its definition."""
    return html.Div(
        [
            html.H2(title, className="tile-title"),
            placed(props, caption, className="tile-caption"),
            definition(title, meaning),
        ],
        className="tile-head",
    )


def tile(props: Props, part: str, parts: Sequence[Component], **fixed: Any) -> Component:
    """One tile; its class may say that it is over."""
    return placed(props, part, html.Section, children=list(parts), **fixed)


def figure(props: Props, number: str, unit: str) -> html.P:
    """The large figure and its unit in two sizes."""
    return html.P(
        [placed(props, number, className="figure"), " ", placed(props, unit, className="unit")], className="tile-figure"
    )
