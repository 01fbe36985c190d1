"""Lockdown: what is held back now, the form that begins one, and the latest that are over."""

from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.admin import LockdownPage, LockdownRow

HEADERS = ("Held back", "Why", "By", "Until", "End")
OVER = ("Held back", "Why", "By", "From", "Ended")
LASTS = (
    (15, "15 minutes"),
    (30, "30 minutes"),
    (60, "1 hour"),
    (120, "2 hours"),
    (480, "8 hours"),
    (1440, "1 day"),
    (4320, "3 days"),
)


def body(found: LockdownPage) -> list[Any]:
    """What holds comes first: it is why somebody opens this."""
    rows = [_holding(one, found) for one in found.holding]
    empty = "Nothing is held back: replies leave as they are written."
    said = f"{wording.plural(found.waiting, 'reply waits', 'replies wait')} in the outbox"
    moving = (
        f", {wording.plural(found.under_way, 'is', 'are')} on their way to a network now" if found.under_way else ""
    )
    left = [table("Held back now", HEADERS, rows, empty), html.P(f"{said}{moving}.", className="aside")]
    if found.over:
        left += [html.H2("Over"), table("Over", OVER, [_over(one, found) for one in found.over], "")]
    return [html.Div([html.Div(left, className="admin-list"), _form(found)], className="admin-split")]


def _what(one: LockdownRow) -> Any:
    shown = [marks.shape("emergency"), html.Span(marks.remote(one.account) if one.account else "All accounts")]
    return html.Span(shown, className="grade")


def _holding(one: LockdownRow, found: LockdownPage) -> html.Tr:
    until = wording.moment(one.until, found.as_at, found.workspace.zone)
    end = (
        html.Span("A second person ends it: you began it.")
        if one.mine
        else forms.button(
            "End it", "lockdown.end", one.id, described=f"End the lockdown of {one.account or 'all accounts'}"
        )
    )
    return row(HEADERS, _what(one), [marks.plain(one.reason), marks.plain(one.begun_by), until, end])


def _over(one: LockdownRow, found: LockdownPage) -> html.Tr:
    zone, now = found.workspace.zone, found.as_at
    ended = (
        f"{wording.moment(one.ended, now, zone)}, by {marks.plain(one.ended_by)}"
        if one.ended
        else f"{wording.moment(one.until, now, zone)}, by itself"
    )
    cells = [marks.plain(one.reason), marks.plain(one.begun_by), wording.moment(one.begun, now, zone), ended]
    return row(OVER, marks.plain(one.account) or "All accounts", cells)


def _form(found: LockdownPage) -> html.Aside:
    form = forms.Form("lockdown.begin")
    accounts = [(f"account:{key}", marks.plain(handle), False) for key, handle in found.accounts]
    return html.Aside(
        form.draw(
            "Hold back replies now",
            html.P(
                "From the moment you press the button no reply leaves. It stays in the outbox, and nothing is lost.",
                className="aside",
            ),
            form.text("reason", "Why, for colleagues", maxlength=200),
            form.choice(
                "lasts", "For", LASTS, 60, hint="Then it ends by itself. Ending it earlier takes a second person."
            ),
            form.check("all", "All accounts", True),
            *([form.checks("Or only these", accounts)] if accounts else []),
            form.save("Hold back replies"),
            top=True,
        ),
        className="card",
        **attributes(aria_label="Hold back replies"),
    )
