"""The survey's public page: one question, one tap. Opening it records nothing, so what fetches links ahead never votes."""

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue

from callbacks.guard import anybody, wire_route
from callbacks.house import house
from data.survey import asks, take_answer
from models.problems import BadValue, NotFound
from models.survey import Answer

PATH = "/s/<token>"
ANSWERS = (
    (Answer.NO, "No, I would not have contacted you"),
    (Answer.CALL, "Yes, I would have rung"),
    (Answer.OTHER, "Yes, in another way"),
    (Answer.UNSURE, "I cannot say"),
)
NEW, DONE, OVER = "Would you have contacted us otherwise?", "Thank you", "This question is closed"


@anybody
def question(token: str) -> ResponseReturnValue:
    """The question, while its link is open."""
    asker = asks(house().database, token, house().clock())
    return _shown(NEW if asker else OVER, 200 if asker else 404, asker)


@anybody
def answer(token: str) -> ResponseReturnValue:
    """Count the answer, once."""
    home = house()
    try:
        take_answer(home.database, token, request.form.get("answer", ""), home.clock())
    except NotFound:
        return _shown(OVER, 404)
    except BadValue:
        return _shown(NEW, 400, asks(home.database, token, home.clock()))
    return _shown(DONE, 200)


def _shown(title: str, status: int, asker: str | None = None) -> ResponseReturnValue:
    page = make_response(
        render_template("survey.html", said=title, asker=asker, answers=ANSWERS, done=title == DONE, theme="system"),
        status,
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def register(server: Flask) -> None:
    """The page and its buttons."""
    wire_route(server, PATH, question)
    wire_route(server, PATH, answer, ("POST",))
