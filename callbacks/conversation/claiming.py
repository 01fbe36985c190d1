"""Claim and release, accept a hand-over and take it back, by their buttons."""

from collections.abc import Callable
from typing import Any

from dash import ALL, Dash, Input, Output, State

from callbacks.conversation.acting import drawn_again, pressed
from callbacks.fields import key_of
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data import desk, handing
from layouts import conversation as layout
from layouts.conversation.ids import accept_button, take_back_button
from models.permissions import Permission, Scope


@needs(Permission.CLAIM)
def claim(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The person answers this conversation now."""
    return act(desk.claim, scope, clicks, buttons, "You are answering this conversation.")


@needs(Permission.CLAIM)
def release(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The person gives this conversation back."""
    return act(desk.release, scope, clicks, buttons, "You gave this conversation back.")


@needs(Permission.CLAIM)
def accept(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The person takes what is being handed over to them."""
    return act(handing.accept, scope, clicks, buttons, "You are answering this conversation.")


@needs(Permission.CLAIM)
def take_back(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The person ends a hand-over that nobody has answered."""
    return act(handing.take_back, scope, clicks, buttons, "You took the hand-over back.")


def act(
    doing: Callable[..., None], scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]], said: str
) -> tuple[str, Any]:
    """Do it to the conversation whose button was pressed."""
    doing(house().database, scope, key_of(pressed(clicks, buttons)["id"]), house().clock())
    return said, drawn_again()


def register(app: Dash) -> None:
    """One button each."""
    for handler, button in (
        (claim, layout.claim_button),
        (release, layout.release_button),
        (accept, accept_button),
        (take_back, take_back_button),
    ):
        wire(
            app,
            handler,
            [Output(NOTICE, "children", allow_duplicate=True), Output(layout.Ids.LIVE, "data", allow_duplicate=True)],
            [Input(button(ALL), "n_clicks")],
            [State(button(ALL), "id")],
            prevent_initial_call=True,
        )
