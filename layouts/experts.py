"""Where all the experts are: who is on duty, who can do what, and until when they are accredited for it."""

from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from models.asking import AskEnd
from models.experts import LONGEST_SKILL
from models.snapshots.experts import AskMark, Expert, ExpertsPage, SkillMark

ASKED = ("Skill", "Asked", "How it stands")
ENDINGS = {
    AskEnd.TAKEN: "has it since",
    AskEnd.NOBODY: "Nobody was left to call. Supervisors were told",
    AskEnd.CALLED_OFF: "Called off",
    AskEnd.OVER: "The conversation was closed before anybody came,",
}
HEADERS = ("Colleague", "On duty", "Skills and languages")


class Ids(StrEnum):
    PAGE = "experts"
    LIVE = "live-queue"
    BODY = "experts-body"
    ON = "experts-on"
    WHO = "experts-who"
    WORD = "experts-word"
    UNTIL = "experts-until"
    KEEP = "experts-keep"


def off(key: int | Wildcard) -> dict[str, Any]:
    """The button that signs this colleague off."""
    return {"type": "duty-off", "id": key}


def call_off(key: int | Wildcard) -> dict[str, Any]:
    """The button that calls off this question for an expert."""
    return {"type": "expert-off", "id": key}


def drop(key: int | Wildcard) -> dict[str, Any]:
    """The button that takes this skill off."""
    return {"type": "skill-drop", "id": key}


def page(found: ExpertsPage) -> html.Div:
    """The page at first paint. News draws the body again and never the form."""
    parts = [html.Div(body(found), id=Ids.BODY), *([_form(found)] if found.may_keep else [])]
    return html.Div(
        [dcc.Store(id=Ids.LIVE), *parts],
        id=Ids.PAGE,
        className="sheet shift",
        **attributes(data_workspace=found.workspace.slug, data_revision=str(found.revision)),
    )


def body(found: ExpertsPage) -> list[Any]:
    """Own state, the ways to search, and the colleagues found."""
    at = f"as at {wording.clock(found.as_at, found.workspace.zone)}"
    back = html.A("Shift", href=links.page("/shift", found.workspace.slug))
    title = html.Div([html.H1("Experts"), html.Span(at, className="aside"), back], className="sheet-head")
    rows = [_row(one, found) for one in found.rows]
    empty = (
        "Nobody found. Only those on duty, or accredited today, are offered: look at everybody, or ask a supervisor to keep "
        "the skills up to date below."
    )
    return [title, _own(found), *_asked(found), _search(found), table("Experts", HEADERS, rows, empty)]


def _asked(found: ExpertsPage) -> list[Any]:
    """Who was asked for in the last day; nothing where nobody was."""
    if not found.asks:
        return []
    return [html.H2("Asked for"), table("Asked for", ASKED, [_ask(one, found) for one in found.asks], "")]


def _ask(one: AskMark, found: ExpertsPage) -> html.Tr:
    zone, now = found.workspace.zone, found.as_at
    by = f" by {marks.plain(one.by)}" if one.by else " by a rule"
    where = html.A("conversation", href=links.conversation(one.conversation_id, found.workspace.slug))
    asked = [f"{wording.moment(one.asked, now, zone)}{by}, ", where]
    return row(ASKED, marks.remote(one.word), [asked, [_stands(one, found), *_end(one)]])


def _end(one: AskMark) -> list[Any]:
    if not one.may_end:
        return []
    hidden = html.Span(f" {marks.plain(one.word)}", className="visually-hidden")
    return [" ", html.Button(["Call off", hidden], id=call_off(one.id), className="button-quiet", type="button")]


def _stands(one: AskMark, found: ExpertsPage) -> str:
    zone, now = found.workspace.zone, found.as_at
    if one.ended is not None:
        who = f"{marks.plain(one.who)} " if one.who else ""
        return f"{who}{ENDINGS[AskEnd(one.ending)]} {wording.moment(one.ended, now, zone)}"
    until = f", the next one at {wording.clock(one.until, zone)}" if one.until is not None else ""
    return f"{marks.plain(one.who)} is called{until}"


def _own(found: ExpertsPage) -> html.P:
    mine = found.mine
    if mine is None:
        return html.P("You have no role here.")
    if mine.on_since is None:
        on = html.Button("Sign on", id=Ids.ON, className="button button-first", type="button")
        return html.P(["You are off duty. ", on])
    since = wording.moment(mine.on_since, found.as_at, found.workspace.zone)
    return html.P(
        [
            f"You are on duty since {since}. ",
            html.Button("Sign off", id=off(mine.id), className="button", type="button"),
        ]
    )


def _search(found: ExpertsPage) -> html.Nav:
    choices = [_way(found, "Everybody", "", found.on_duty, here=not found.skill)]
    choices += [
        _way(found, f"{word} ({on} on duty of {count})", word, found.on_duty, here=word == found.skill)
        for word, count, on in found.words
    ]
    other = "Also those off duty" if found.on_duty else "On duty only"
    choices.append(_way(found, other, found.skill, not found.on_duty, here=False))
    return html.Nav(html.Ul(choices), className="tabs", **attributes(aria_label="Search for"))


def _way(found: ExpertsPage, words: str, skill: str, on_duty: bool, *, here: bool) -> html.Li:
    fields = (
        {"workspace": found.workspace.slug} | ({"skill": skill} if skill else {}) | ({"duty": "on"} if on_duty else {})
    )
    link = html.A(marks.plain(words), href=f"/experts?{urlencode(fields)}")
    return html.Li(link, **attributes(aria_current="page" if here else None))


def _row(one: Expert, found: ExpertsPage) -> html.Tr:
    zone, now = found.workspace.zone, found.as_at
    stands: list[Any] = ["off duty" if one.on_since is None else f"since {wording.moment(one.on_since, now, zone)}"]
    if one.on_since is not None and found.may_keep and not one.mine:
        hidden = html.Span(f" {marks.plain(one.name)}", className="visually-hidden")
        button = html.Button(["Sign off", hidden], id=off(one.id), className="button-quiet", type="button")
        stands += [" ", button]
    skills = [_skill(each, one, found) for each in one.skills]
    return row(HEADERS, marks.remote(one.name), [stands, html.Ul(skills) if skills else wording.DASH])


def _skill(each: SkillMark, one: Expert, found: ExpertsPage) -> html.Li:
    until = (
        ""
        if each.until is None
        else f", {'until' if each.valid else 'EXPIRED'} {wording.day(each.until)} {each.until.year}"
    )
    parts: list[Any] = [marks.remote(each.word), until]
    if found.may_keep:
        hidden = html.Span(f" {marks.plain(each.word)} of {marks.plain(one.name)}", className="visually-hidden")
        parts += [" ", html.Button(["Take off", hidden], id=drop(each.id), className="button-quiet", type="button")]
    return html.Li(parts, className="" if each.valid else "aside")


def _form(found: ExpertsPage) -> html.Section:
    people = [(str(key), name) for key, name in found.people]
    word = dbc.Input(id=Ids.WORD, maxlength=LONGEST_SKILL, value="", size="sm", autocomplete="off")
    until = dbc.Input(id=Ids.UNTIL, type="date", value="", size="sm")
    parts = [
        html.H2("Keep a skill or a language"),
        frame.choice(Ids.WHO, "Colleague", people),
        frame.field(Ids.WORD, "Skill", word, "such as Arabic speaker, or hostage negotiator"),
        frame.field(Ids.UNTIL, "Accredited until", until, "that day included; empty for good"),
        html.Div(
            html.Button("Keep it", id=Ids.KEEP, className="button button-first", type="button"),
            className="form-buttons",
        ),
    ]
    return html.Section(parts, className="card", **attributes(aria_label="Keep a skill or a language"))
