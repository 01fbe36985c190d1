"""What a rule would have touched: how far the trial is, then the messages, the words that matched marked."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from layouts.components.message import highlighted
from models.snapshots.rules import TrialPage, TrialState, TriedMessage


def result(found: TrialPage) -> list[Any]:
    """The region as it stands. While the trial runs, our script asks again and again (``data-again``)."""
    state = found.state
    if state.running:
        return _under_way(state)
    if state.problem:
        return [html.P(f"The trial ended: {state.problem}. Try it again.", role="status")]
    said = f"{wording.number(state.found)} of {wording.plural(state.done, 'message')}"
    ended = " It was stopped, so there may be more." if state.stopped else ""
    done = f"As you tried it, the rule would have touched {said} of the last 30 days.{ended}{_told(state)}"
    head = html.P(done, role="status")
    if not found.rows:
        return [head]
    hidden = found.rows[0].text is None
    why = [html.P("You may not read messages here, so their texts are left out.", className="aside")] if hidden else []
    rows = [_row(one, found) for one in found.rows]
    return [head, *why, html.Ol(rows, className="tried", start=str(found.first)), *_pages(found)]


def _told(state: TrialState) -> str:
    if not state.alarm or not state.found:
        return ""
    return " It would have told the team of each, but for those that were answered by the time they were read."


def _under_way(state: TrialState) -> list[Any]:
    done, total = wording.number(state.done), wording.number(state.total)
    return [
        html.P(f"Looked at {done} of {total} messages; {wording.number(state.found)} found.", role="status"),
        html.Progress(
            value=str(state.done), max=str(max(state.total, 1)), **attributes(aria_label="How far the trial is")
        ),
        html.Div(forms.button("Stop", "rules.stop"), className="actions", **attributes(data_again="rules.look")),
    ]


def _row(one: TriedMessage, found: TrialPage) -> html.Li:
    at = wording.moment(one.sent, found.as_at, found.workspace.zone)
    about = f"{at}, {wording.channel(one.channel)}, {marks.plain(one.handle)}, graded {marks.plain(one.grade)}"
    if one.text is None:
        return html.Li(html.Span(about, className="aside"))
    text = html.P(highlighted(one.text, one.spans), dir="auto", **attributes(lang=wording.spoken(one.language)))
    way = (
        dcc.Link(about, href=links.page(f"/conversation/{one.conversation_id}", found.workspace.slug))
        if one.conversation_id is not None
        else about
    )
    return html.Li([text, html.Span(way, className="aside")])


def _pages(found: TrialPage) -> list[Any]:
    if found.pages == 1:
        return []
    ways = [
        forms.button(said, "rules.look", "", {"page": number})
        for said, number, there in (
            ("Newer", found.number - 1, found.number > 1),
            ("Older", found.number + 1, found.number < found.pages),
        )
        if there
    ]
    place = html.Span(f"Page {found.number} of {wording.number(found.pages)}", className="aside")
    return [html.Div([*ways, place], className="actions")]
