"""A component as plain lists, for parts of a page that our own scripts draw (``assets/47-rows.js``, ``assets/47-still.js``).

Dash makes whatever it is given anew, element by element, and keeps each of them in its store: a list of two hundred rows
costs it most of a second. What is written here is drawn only where it changed. ``[tag, attributes, child, ...]``, and a text
as itself: it never becomes markup.
"""

from typing import Any

from dash.development.base_component import Component

Tree = list[Any] | str

_NAMES = {"className": "class", "colSpan": "colspan", "htmlFor": "for", "tabIndex": "tabindex", "href": "href"}
LINK = "Link"
_LEFT_OUT = {"children", "key", "id"}
_OF_DASH = {"available_properties", "available_wildcard_properties"}
TAGS = frozenset(
    {"tr", "td", "th", "div", "span", "bdi", "strong", "mark", "a", "p", "kbd", "label", "input", "button", "ul", "li"}
)
"""What the script makes; anything else it refuses."""


def tree(part: Any) -> Tree:
    """The component with everything in it. A number or anything else that is no component becomes its text."""
    if not isinstance(part, Component):
        return str(part)
    # What was given, as Dash keeps it: its own way to list it asks for every property that an element might have.
    props = {name: value for name, value in vars(part).items() if name[0] != "_" and name not in _OF_DASH}
    tag = tag_of(part)
    if tag not in TAGS:
        raise ValueError(f"the script makes no {tag}")
    attributes = {
        _NAMES.get(name, name): "" if value is True else str(value)
        for name, value in props.items()
        if name not in _LEFT_OUT and value is not None and value is not False
    }
    if str(part._type) == LINK:
        attributes["data-link"] = ""
    return [tag, attributes, *map(tree, _children(props.get("children")))]


def tag_of(part: Component) -> str:
    """The element that a component becomes."""
    kind = str(part._type)
    return "a" if kind == LINK else kind.lower()


def _children(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]
