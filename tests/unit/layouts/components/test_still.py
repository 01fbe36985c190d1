"""Long tables: what our own script draws, and what Dash does."""

import json

import pytest
from dash import dcc, html

from layouts.components import still


def a_row(content="x"):
    return html.Tr(html.Td(content, role="cell"), role="row")


def test_a_short_table_is_dashs_to_draw():
    body = still.rows([a_row()] * still.MANY)
    assert len(body.children) == still.MANY


def test_a_long_table_is_one_element_with_every_row_in_it():
    body = still.rows([a_row(f"row {number}") for number in range(still.MANY + 1)])
    rows = json.loads(getattr(body, "data-rows"))
    assert body.children is None
    assert rows[still.MANY] == ["tr", {"role": "row"}, ["td", {"role": "cell"}, f"row {still.MANY}"]]


def test_a_link_within_the_program_says_so():
    body = still.rows([a_row(dcc.Link("Open", href="/accounts"))] * (still.MANY + 1))
    assert json.loads(getattr(body, "data-rows"))[0][2][2] == ["a", {"href": "/accounts", "data-link": ""}, "Open"]


@pytest.mark.parametrize("content", [html.Iframe(src="/"), dcc.Input(id="form--count"), [html.Div(dcc.Input(id="x"))]])
def test_what_the_script_does_not_make_or_a_form_names_is_dashs_to_draw(content):
    body = still.rows([a_row(content)] * (still.MANY + 1))
    assert len(body.children) == still.MANY + 1
