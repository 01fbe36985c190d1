"""Workflow rules as sentences, in their order, with whether they are on."""

from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.components import marks
from models.snapshots.admin import RuleRow, RulesPage

HEADERS = ("Rule", "When", "Then", "State")


def body(found: RulesPage) -> list[Any]:
    """One row a rule. The most urgent grade wins; the first topic, team and person win; flags add up."""
    on = sum(one.enabled and not one.fault for one in found.rows)
    said = (
        f"{wording.plural(on, 'rule')} on. Every rule that matches acts, in this order: the most urgent grade wins, the "
        "first topic, team and person win, flags add up."
    )
    empty = (
        "No rule yet: every message gets the least urgent grade. A new workspace begins with a set for a control room."
    )
    return [html.P(said, className="aside"), table("Workflow rules", HEADERS, [_row(one) for one in found.rows], empty)]


def _row(one: RuleRow) -> html.Tr:
    name = [f"{one.position}. ", marks.remote(one.name)]
    if one.fault:
        return row(HEADERS, name, [f"Cannot be read, so it does nothing: {marks.plain(one.fault)}", "", "faulty"])
    look, word = ("done", "on") if one.enabled else ("unknown", "off")
    state = html.Span([marks.shape(look), word], className=f"grade ink-{look}")
    return row(HEADERS, name, [marks.plain(one.when), marks.plain(one.then), state])
