"""The survey: whether it is asked, and in which words."""

from typing import Any

from dash import html

from layouts import wording
from layouts.components import forms
from layouts.components.attributes import attributes
from models.snapshots.survey import SurveyPage
from models.survey import LINK, LONGEST_TEXT

WHO = (
    "Five minutes after somebody closes a conversation, the person who wrote is asked once whether they would have contacted "
    "us otherwise, and how. Nobody is asked twice, in the most urgent grade, or after an outcome that is left out (spam)."
)
KEPT = (
    "Of an answer only its month and network are kept, as a count: never who gave it, nor in which conversation. The question "
    "goes through the outbox, so a lockdown holds it back, and it never counts as an answer of ours."
)


def body(found: SurveyPage) -> list[Any]:
    """What it does beside the form that turns it on."""
    state = "It is on." if found.on else "It is off: nobody is asked."
    waiting = (
        f" {wording.plural(found.waiting, 'closing waits', 'closings wait')} for its five minutes."
        if found.waiting
        else ""
    )
    left = [html.P(f"{state}{waiting} Answers are counted under Reports, Survey."), html.P(WHO), html.P(KEPT)]
    return [html.Div([html.Div(left, className="admin-list admin-text"), _form(found)], className="admin-split")]


def _form(found: SurveyPage) -> html.Aside:
    form = forms.Form("survey.change")
    hint = f"At most {LONGEST_TEXT} characters. {LINK} stands where the link goes."
    return html.Aside(
        form.draw(
            "Ask after closing",
            form.check("on", "Ask whoever wrote", found.on),
            form.area("text", "Words", found.text, hint),
            form.save(),
            top=True,
        ),
        className="card",
        **attributes(aria_label="Ask after closing"),
    )
