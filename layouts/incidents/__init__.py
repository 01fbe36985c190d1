"""Incidents: all of them, and one with its conversations, what was said, its METHANE reports and one reply to all."""

from typing import Any

from dash import dcc, html

from layouts.components.attributes import attributes
from layouts.conversation.signs import sign
from layouts.incidents import answer, decide, listing, major, methane, one
from layouts.incidents.ids import SIGN, Ids
from models.snapshots.cases import IncidentPage, Incidents

__all__ = ["SIGN", "Ids", "page", "regions", "signs"]

REGIONS = (Ids.HEAD, Ids.MEMBERS, Ids.SAID, Ids.REPORTS, Ids.ANSWERS, Ids.DECISIONS)
"""What news draws again of one incident, each only where it looks otherwise."""


def page(found: Incidents) -> html.Div:
    """The page at first paint."""
    parts = _one(found, found.chosen) if found.chosen is not None else _all(found)
    return html.Div(
        [dcc.Store(id=Ids.LIVE), *parts],
        id=Ids.PAGE,
        className="sheet incident" if found.chosen is not None else "sheet",
        **attributes(data_workspace=found.workspace.slug, data_revision=str(found.revision)),
    )


def _all(found: Incidents) -> list[Any]:
    return [html.Div(listing.body(found), id=Ids.LIST), *([listing.opening()] if found.may_manage else [])]


def _one(found: Incidents, chosen: IncidentPage) -> list[Any]:
    looks, drawn = signs(found), regions(found)
    head, members, said, reports, answers, decisions = (_region(part, drawn[part], looks[part]) for part in REGIONS)
    composing = [methane.composer(found, chosen)] if found.may_work and chosen.row.mark.open else []
    deciding = [decide.form(found, chosen)] if found.may_work else []
    answering = [answer.form(chosen)] if found.may_reply and chosen.row.mark.open else []
    return [
        head,
        *([one.details(chosen), major.form(found, chosen)] if found.may_manage else []),
        html.Div(
            [
                html.Div([members, decisions, *deciding, said], className="incident-side"),
                html.Div([*composing, reports, *answering, answers], className="incident-side"),
            ],
            className="incident-sides",
        ),
    ]


def _region(part: Ids, content: list[Any], look: str) -> html.Div:
    marked: Any = {SIGN: look}
    return html.Div(content, id=part, **marked)


def regions(found: Incidents) -> dict[Ids, list[Any]]:
    """What each region of one incident shows."""
    chosen = found.chosen
    if chosen is None:
        return {}
    return {
        Ids.HEAD: one.head(found, chosen),
        Ids.MEMBERS: one.members(found, chosen),
        Ids.SAID: one.said(found, chosen),
        Ids.REPORTS: methane.reports(found, chosen),
        Ids.ANSWERS: answer.progress(found, chosen),
        Ids.DECISIONS: decide.log(found, chosen),
    }


def signs(found: Incidents) -> dict[Ids, str]:
    """The same for regions that look alike. Ages count by themselves."""
    chosen, day = found.chosen, found.as_at.date()
    if chosen is None:
        return {}
    return {
        Ids.HEAD: sign(day, chosen.row),
        Ids.MEMBERS: sign(day, chosen.members, chosen.notes),
        Ids.SAID: sign(day, chosen.messages, chosen.more, chosen.draft, chosen.row.mark.open),
        Ids.REPORTS: sign(day, chosen.reports, chosen.row.mark),
        Ids.ANSWERS: sign(day, chosen.answers),
        Ids.DECISIONS: sign(day, chosen.decisions),
    }
