"""Workflow rules: the list in the order in which they act, beside one that is written as a sentence, with its versions."""

from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.rules import Conditions, RuleFacts
from models.snapshots.rules import RuleChoices, RuleRow, RulesPage, RuleVersion

HEADERS = ("Rule", "When", "Then", "State", "Order")
NONE = "none"
"""What a list says while nothing is chosen: an empty value would show nothing."""
KINDS = (("public", "public posts"), ("private", "private messages"), ("listening", "posts we only listen to"))

ATTACHED = (
    ("photo", "photo"),
    ("video", "video"),
    ("animation", "animation"),
    ("audio", "sound"),
    ("file", "other file"),
)


class Ids(StrEnum):
    LIST = "admin-rules-list"
    CHECK = "admin-rules-check"
    TRIAL = "admin-rules-trial"


def body(found: RulesPage) -> list[Any]:
    """The list beside the form for one."""
    here = [
        html.Div(listing(found), id=Ids.LIST, className="admin-list rules-list"),
        _card(found, found.facts),
    ]
    return [html.Div(here, className="admin-split rules-split has-card" if found.chosen else "admin-split rules-split")]


def listing(found: RulesPage) -> list[Any]:
    """One row a rule. The most urgent grade wins; the first topic, team and person win; flags add up."""
    on = sum(one.enabled and not one.fault for one in found.rows)
    said = (
        f"{wording.plural(on, 'rule')} on. Every rule that matches acts, in this order: the most urgent grade wins, the "
        "first topic, team and person win, flags add up. Drag a rule, or press Alt+Up and Alt+Down on it, to move it."
    )
    empty = (
        "No rule yet: every message gets the least urgent grade. Write one with the form beside this; a new workspace "
        "begins with a set for a control room."
    )
    rows = [_row(one, found) for one in found.rows]
    return [html.P(said, className="aside"), table("Workflow rules", HEADERS, rows, empty), *_gone(found)]


def _row(one: RuleRow, found: RulesPage) -> html.Tr:
    name = marks.plain(one.name)
    link = dcc.Link(name, href=links.admin("rules", found.workspace.slug, rule=one.id))
    first = html.Span(
        [f"{one.position}. ", link], className="rule-name", **attributes(data_rule=str(one.id), draggable="true")
    )
    moves = [
        forms.button("Up", "rules.move", one.id, {"place": one.position - 1}, described=f"Move {name} up"),
        forms.button("Down", "rules.move", one.id, {"place": one.position + 1}, described=f"Move {name} down"),
    ]
    here = found.chosen is not None and found.chosen.id == one.id
    order = html.Div(moves, className="actions")
    if one.fault:
        broken = f"Cannot be read, so it does nothing: {marks.plain(one.fault)}"
        return row(HEADERS, first, [broken, "", "faulty", order], here=here)
    look, word, turn = ("done", "on", "off") if one.enabled else ("unknown", "off", "on")
    state = html.Span([marks.shape(look), word], className=f"grade ink-{look}")
    switch = forms.button(
        f"Turn {turn}", "rules.switch", one.id, {"on": not one.enabled}, described=f"Turn {turn} {name}"
    )
    held = html.Div([state, switch], className="actions")
    return row(HEADERS, first, [marks.plain(one.when), marks.plain(one.then), held, order], here=here)


def _card(found: RulesPage, facts: RuleFacts) -> html.Aside:
    one = found.chosen
    form = forms.Form("rules.save" if one else "rules.create", one.id if one else "")
    title = f"Change {marks.plain(one.name)}" if one else "Write a rule"
    close = [dcc.Link("Write a new rule", href=links.admin("rules", found.workspace.slug))] if one else []
    fields = html.Div(
        [
            form.text("name", "Name", facts.name, maxlength=100),
            *_when(form, facts.conditions),
            _narrower(form, facts.conditions, found.choices),
            *_then(form, facts, found.choices),
            html.Div([] if one else _advice(), id=Ids.CHECK, className="rule-said", role="status"),
            _ways(form, one),
        ],
        className="rule-form",
        **attributes(data_checks="rules.check"),
    )
    return html.Aside(
        [
            html.Div([html.H2(title), *close], className="card-head"),
            form.draw("", fields, label=title),
            html.Div(id=Ids.TRIAL, className="trial"),
            *_versions(found),
        ],
        className="card",
        **attributes(aria_label="One rule"),
    )


def _advice() -> list[Any]:
    said = "It is kept off until you turn it on. What the rule does is said here while you write."
    return [html.P(said, className="aside hint")]


def _ways(form: forms.Form, one: RuleRow | None) -> html.Div:
    ways = [
        form.save("Save" if one else "Save, but leave it off"),
        forms.button("Try it on the last 30 days", "rules.try", form.of, sends=True),
    ]
    if one:
        name = marks.plain(one.name)
        ways += [
            forms.button("Copy", "rules.copy", one.id, described=f"Copy {name}"),
            forms.button("Delete", "rules.delete", one.id, described=f"Delete {name}"),
        ]
    return html.Div(ways, className="actions")


def _when(form: forms.Form, held: Conditions) -> list[Any]:
    words = held.words
    hours = [("any", "at any time"), ("in", "in hours"), ("out", "out of hours")]
    people = [("any", "anybody"), ("new", "somebody new to the account"), ("repeat", "somebody who wrote before")]
    return [
        html.H3("When a message arrives"),
        html.Div(
            [form.choice("hours", "when", hours, held.hours), form.choice("contact", "from", people, held.contact)],
            className="fields",
        ),
        form.area(
            "any",
            "and says any of",
            "\n".join(words.any) if words else "",
            "One word or phrase a line. * is any letters; knife near/5 school: within five words.",
        ),
        form.area("none", "but not", "\n".join(words.none) if words else "", rows=2),
    ]


def _narrower(form: forms.Form, held: Conditions, choices: RuleChoices) -> html.Details:
    channels = dict.fromkeys((*choices.channels, *sorted(held.channels)))
    by = [(f"channel:{one}", wording.channel(one), one in held.channels) for one in channels]
    kinds = [(f"kind:{key}", said, key in held.kinds) for key, said in KINDS]
    to = [(f"account:{key}", marks.plain(handle), key in held.accounts) for key, handle in choices.accounts]
    spoken = ", ".join(sorted(held.languages))
    media = [(f"media:{key}", said, key in held.media) for key, said in ATTACHED]
    fields = [
        form.checks("Channels (none: any)", by),
        form.checks("Kinds (none: any)", kinds),
        form.checks("Accounts (none: any)", to),
        form.checks("With one of these attached (none: with or without)", media),
        form.text("languages", "Languages, such as en, cy (nothing: any)", spoken),
    ]
    return html.Details(
        [html.Summary("By which channel, to which account, in which language, with what attached"), html.Div(fields)],
        className="further",
        open=bool(held.channels or held.kinds or held.accounts or held.languages or held.media),
    )


def _then(form: forms.Form, facts: RuleFacts, choices: RuleChoices) -> list[Any]:
    does = facts.actions
    teams, topics = (_offered([(one, one) for one in known]) for known in (choices.teams, choices.topics))
    return [
        html.H3("Then"),
        html.Div(
            [
                form.choice("grade", "grade it", _offered(choices.grades), does.grade or NONE),
                form.choice("topic", "set the topic", topics, does.topic or NONE),
                form.choice("team", "give it to the team", teams, does.team or NONE),
                form.choice("assign", "assign it to", _offered(choices.people), does.assign or NONE),
            ],
            className="fields",
        ),
        form.text("flags", "and flag it", ", ".join(does.flags), "Several flags with commas between."),
        form.check("alarm", "Tell the team at once: raise an alarm", does.alarm),
        form.check("spam", "Mark it as spam, where no other rule grades it or raises an alarm", does.spam),
    ]


def _offered(known: Any) -> list[tuple[object, str]]:
    return [(NONE, "–"), *((key, marks.plain(said)) for key, said in known)]


def checked(when: str, then: str) -> list[Any]:
    """What the form says now."""
    return [html.P(f"{marks.plain(when)}: {marks.plain(then)}.", className="rule-sentence")]


def refused(why: str) -> list[Any]:
    """Why what the form says now could not be kept."""
    return [html.P([dbc.Badge("Not yet", color="secondary"), f" {marks.plain(why)}."], className="rule-sentence")]


def _versions(found: RulesPage) -> list[Any]:
    if found.chosen is None:
        return []
    lines = [_version(one, found) for one in found.versions]
    none = html.P("It was never changed. What it was is kept here with every change.", className="aside")
    return [html.Div([html.H3("What it was"), html.Ul(lines, className="plain-list") if lines else none])]


def _gone(found: RulesPage) -> list[Any]:
    if not found.gone:
        return []
    lines = html.Ul([_version(one, found) for one in found.gone], className="plain-list")
    summary = html.Summary(f"{wording.plural(len(found.gone), 'rule')} deleted")
    return [html.Details([summary, html.Div(lines)], className="further")]


def _version(one: RuleVersion, found: RulesPage) -> html.Li:
    zone = found.workspace.zone
    since, until = (wording.moment(at, found.as_at, zone) for at in (one.since, one.until))
    name = marks.plain(one.name)
    said = f"{name}. {marks.plain(one.when) or 'It could not be read'}: {marks.plain(one.then)}."
    about = html.Span(f"By {marks.plain(one.by)}, {since}, until {until}", className="aside")
    back = forms.button("Take back", "rules.restore", one.id, described=f"Take {name} of {since} back")
    return html.Li([html.Span([said, " ", about], className="word"), back])
