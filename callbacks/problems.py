"""What a person reads when something is refused, and how each refusal is answered."""

import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import structlog
from dash import set_props
from dash.exceptions import CallbackException, DependencyException
from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from callbacks import bodies
from callbacks.callers import caller
from data.security import refused
from data.signing import SessionFacts
from layouts.wording import age
from models.asking import AskOver
from models.calendars import NeverOpens
from models.claims import HolderAtWork, MixedGrades, NotForYou, OfferedAlready, OfferOver
from models.lockdown import Frozen, OwnLockdown
from models.people import SHORTEST_PASSWORD
from models.problems import (
    AlreadyClaimed,
    AlreadyClosed,
    AlreadyMerged,
    AlreadyStruck,
    BackupRefused,
    BadSetting,
    BadValue,
    BlockedWords,
    CommonPassword,
    CredentialsLocked,
    DatabaseFull,
    DemonstrationOnly,
    HalfSignedIn,
    IncidentClosed,
    InIncident,
    InvitationOver,
    NeedsConfirming,
    NoRole,
    NotAuthor,
    NotFound,
    NotFresh,
    NotHolder,
    NotKnown,
    NotMerged,
    NotPermitted,
    NotSaved,
    NotSetAside,
    NotSignedIn,
    OwnReply,
    Problem,
    ReasonNeeded,
    SetUpAlready,
    SignOnFailed,
    SpokeAgain,
    TooLate,
    TooManyTries,
    TooUrgent,
    Unassessed,
    WeakPassword,
    WindowClosed,
    WrongCode,
    WrongSignIn,
    WrongState,
)
from models.retention import Held
from models.security_keys import WrongKey
from models.shifts import NotYourShift, ShiftOver

log = structlog.get_logger()

NOTICE = "notice"
PROVE = "/prove"
"""Where the password is asked for again before a file leaves."""
STEPS = 8
BODY_ERRORS = (AttributeError, CallbackException, IndexError, KeyError, TypeError, ValueError)
UNKNOWN = "Something went wrong here, and nothing was changed. It has been written to the log; please try again."

Sentence = Callable[[Any], str]

SENTENCES: dict[type[Problem], Sentence] = {
    AlreadyClaimed: lambda problem: f"{problem.name or 'A colleague'} is already answering this conversation.",
    AlreadyClosed: lambda problem: f"{problem.name or 'A colleague'} has closed this conversation already.",
    AlreadyMerged: lambda _: "These two belong together already.",
    AlreadyStruck: lambda _: "This note was struck out, so it can no longer be changed.",
    BackupRefused: lambda problem: f"The backup was refused: {problem}.",
    BadSetting: lambda problem: f"The setting {problem.name} is wrong: {problem.advice}.",
    BadValue: lambda problem: f"{problem.field[:1].upper()}{problem.field[1:]}: {problem.advice}.",
    BlockedWords: lambda problem: (
        f"No reply may hold {_quoted(problem.words)} here. Write it another way; nothing was sent."
    ),
    CredentialsLocked: lambda _: "The stored credentials need the WATCHROOM_CREDENTIALS_KEY they were stored with.",
    DatabaseFull: lambda _: (
        "There is no room left to store anything, so nothing was changed. Tell whoever looks after this server."
    ),
    DemonstrationOnly: lambda _: "This name belongs to the demonstration and cannot be used here.",
    NeedsConfirming: lambda problem: (
        f"Look again before this goes out: {'; '.join(problem.doubts)}. Nothing was sent; confirm it, or change the text."
    ),
    Held: lambda problem: f"A legal hold keeps it, so nothing went: {problem.why}. See Personal data, Legal holds.",
    HolderAtWork: lambda problem: (
        f"{problem.name or 'A colleague'} is at work on this conversation. Whoever moves work may still take it over."
    ),
    IncidentClosed: lambda problem: f"The incident “{problem.name}” is closed. Open it again first.",
    InIncident: lambda problem: f"This conversation belongs to the incident “{problem.name}”. Take it out there first.",
    MixedGrades: lambda problem: (
        f"These are of different grades ({', '.join(problem.words)}). Move conversations of one grade at a time."
    ),
    NeverOpens: lambda _: "The calendar does not open long enough to work out a due time. Look at its opening hours.",
    NoRole: lambda _: "You hold no role in any workspace yet. Ask an administrator to give you one.",
    NotAuthor: lambda _: "Only whoever wrote a note may correct it or strike it out.",
    NotForYou: lambda _: "This hand-over is for somebody else, so nothing was changed.",
    Frozen: lambda _: "Sending is held back by a lockdown. An administrator sees it under Admin, Lockdown.",
    InvitationOver: lambda _: "This invitation was used, withdrawn or is too old. Ask whoever sent it for a new one.",
    NotFresh: lambda _: "Give your password again first, at the top of this page. What you typed here is kept.",
    NotFound: lambda _: "There is no such thing here, or you have no role in its workspace.",
    NotHolder: lambda _: "Somebody else is answering this conversation now, so nothing was changed.",
    NotMerged: lambda _: "This merge was taken back already.",
    NotKnown: lambda _: "What stood there at that time was not kept, or it has not come yet. Choose a later time.",
    NotPermitted: lambda problem: f"Your roles here do not include the right to {problem.permission}.",
    NotYourShift: lambda _: (
        "Somebody else has to take this shift over: not who gave it, nor anybody but whom it names."
    ),
    NotSetAside: lambda _: "This conversation is neither snoozed nor with a partner any more.",
    NotSaved: lambda _: "The database is busy, so nothing was changed. Please try again in a moment.",
    NotSignedIn: lambda _: "You are not signed in, or your session is over. Sign in and try again.",
    OfferOver: lambda problem: f"This hand-over is over already: it was {problem.state}.",
    OfferedAlready: lambda _: "This conversation is being handed over already. Take that hand-over back first.",
    OwnLockdown: lambda _: "Somebody else has to end this lockdown: it takes a second person.",
    OwnReply: lambda _: "Somebody else has to approve your reply.",
    ReasonNeeded: lambda _: "Say why: a conversation of this grade is closed only with a reason.",
    SetUpAlready: lambda _: "This set-up link has been used or replaced. Sign in, or restart Watchroom for a new one.",
    AskOver: lambda _: "Somebody else is called by now, or it is over.",
    ShiftOver: lambda problem: f"This hand-over of the shift is over already: it was {problem.how}.",
    SpokeAgain: lambda _: "The contact wrote again while you were at it. Read that first, then save.",
    TooLate: lambda _: "That cannot be undone any more: something has happened since, or it was too long ago.",
    TooManyTries: lambda problem: f"Too many tries. Wait {wait_words(problem.wait)}, then try again.",
    TooUrgent: lambda _: "A conversation of this grade cannot be snoozed here.",
    Unassessed: lambda problem: (
        f"Assess the contact's last message first: until then, nothing of this grade is {problem.what}."
    ),
    WeakPassword: lambda _: (
        f"Choose a password of at least {SHORTEST_PASSWORD} characters: three random words do well."
    ),
    WindowClosed: lambda problem: (
        f"The network takes no such reply any more, since {problem.since:%d %B, %H:%M} UTC. Answer in public, or by telephone."
    ),
    WrongSignIn: lambda _: "That name and password do not go together. Check both and try again.",
    WrongState: lambda problem: f"That is not possible now: the state of this reply is “{problem.state}”.",
    CommonPassword: lambda _: "Attackers try that password first, or one like it. Three random words do well.",
    SignOnFailed: lambda problem: f"You are not signed in: {problem.why}. Begin again, or use your password.",
    WrongCode: lambda _: "That code is wrong, was used already, or is too old. Give the newest one.",
    WrongKey: lambda _: "That key did not answer as it should. Try once more, or give a code.",
    HalfSignedIn: lambda _: "The second factor is still missing. Give the code of your authenticator app.",
}

STATUS: dict[type[Problem], int] = {
    AlreadyClaimed: 409,
    AlreadyClosed: 409,
    DemonstrationOnly: 403,
    Held: 409,
    HolderAtWork: 409,
    InvitationOver: 410,
    NoRole: 403,
    NotFound: 404,
    NotFresh: 403,
    NotPermitted: 403,
    NotSaved: 503,
    NotSignedIn: 401,
    SetUpAlready: 410,
    TooManyTries: 429,
    WrongSignIn: 401,
    SignOnFailed: 403,
    WrongCode: 401,
    WrongKey: 401,
}
"""How a problem is answered over HTTP; 400 for all others."""

REFUSALS = (InvitationOver, NoRole, NotFound, NotPermitted, SetUpAlready, SignOnFailed)
"""Refusals that the security log tells of wherever they happen; wrong passwords and codes are told of where they are tried."""
DOOR = (401, 403)

PLAIN = {
    400: "That request did not make sense, so nothing was changed. Reload the page and try again.",
    401: SENTENCES[NotSignedIn](None),
    403: "That is not allowed with your roles here.",
    404: "There is no page at this address.",
    405: "This address does not take that kind of request.",
    413: "That is more than Watchroom takes at once.",
    429: "Too many requests. Wait a little, then try again.",
    500: UNKNOWN,
    503: "Every place for a live screen is taken. The page will ask again by itself.",
}


def _quoted(words: tuple[str, ...]) -> str:
    return " or ".join(f"“{word}”" for word in words)


def sentence(problem: Problem) -> str:
    """What a person reads about a problem."""
    return next(SENTENCES[kind](problem) for kind in type(problem).__mro__ if kind in SENTENCES)


def status(problem: Problem) -> int:
    """The HTTP status of a problem."""
    return next((STATUS[kind] for kind in type(problem).__mro__ if kind in STATUS), 400)


def wait_words(wait: timedelta) -> str:
    """How long to wait, rounded up to whole minutes once it is longer than one."""
    seconds = max(int(wait.total_seconds()), 1)
    return f"{seconds} s" if seconds < 60 else age(wait + timedelta(seconds=59))


def told(error: Exception) -> None:
    """A callback's error, as a notice on the page. The door's own answers (``HTTPException``) stay what they are."""
    if isinstance(error, HTTPException):
        raise error
    if isinstance(error, Problem):
        note_refusal(error)
        set_props(NOTICE, {"children": sentence(error)})
        return
    log.error("callback failed", problem=type(error).__name__, where=where(error))
    set_props(NOTICE, {"children": UNKNOWN})


def register(server: Flask) -> None:
    """Answer every error with one sentence: a plain page for a person, JSON for a script; never a traceback."""
    server.register_error_handler(Problem, answer_problem)
    server.register_error_handler(HTTPException, answer_http)
    server.register_error_handler(DependencyException, answer_no_file)
    server.register_error_handler(Exception, answer_unknown)


def answer_problem(problem: Problem) -> Response:
    """A named refusal of a route. Where only a fresh sign-in is missing, the way goes by the page that asks for it."""
    if isinstance(problem, NotFresh) and request.method == "GET" and wants_page():
        return make_response(redirect(f"{PROVE}?{urlencode({'next': request.full_path.rstrip('?')})}", 303))
    note_refusal(problem)
    response = in_words(status(problem), sentence(problem))
    if isinstance(problem, TooManyTries):
        response.headers["Retry-After"] = str(max(int(problem.wait.total_seconds()), 1))
    return response


def answer_http(error: HTTPException) -> Response:
    """Flask's own refusals; an answer that was raised whole stays as it is."""
    if error.code is None or error.response is not None:
        return make_response(error.get_response())
    if isinstance(error, CSRFError) or error.code in DOOR:
        at_the_door("form token" if isinstance(error, CSRFError) else "door", type(error).__name__)
    response = in_words(error.code, PLAIN.get(error.code, error.name))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def note_refusal(problem: Problem) -> None:
    """What somebody may not see or do, or that is not in their workspace, is told to the security log."""
    if isinstance(problem, REFUSALS):
        at_the_door("reach", type(problem).__name__)


def at_the_door(what: str, why: str) -> None:
    """Tell the security log who was refused what here."""
    who = caller()
    session = who if isinstance(who, SessionFacts) else None
    refused(
        what,
        why,
        name=who.name if who is not None else "",
        address=request.remote_addr or "",
        user=session.user_id if session else None,
        session=session.session_id if session else None,
        route=request.endpoint,
    )


def answer_no_file(_error: DependencyException) -> Response:
    """Somebody guesses at the files of Dash's packages: not worth a line in the log."""
    return in_words(404, PLAIN[404])


def answer_unknown(error: Exception) -> Response:
    """A fault of ours, except before any handler of ours ran for a callback: then the body was bad."""
    if is_bad_body(error):
        return in_words(400, PLAIN[400])
    log.error("request failed", problem=type(error).__name__, endpoint=request.endpoint, where=where(error))
    return in_words(500, UNKNOWN)


def where(error: Exception) -> list[str]:
    """The innermost steps of an error, without its message or any value: either may hold what people wrote."""
    steps = traceback.extract_tb(error.__traceback__)[-STEPS:]
    return [f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in steps]


def is_bad_body(error: Exception) -> bool:
    """Whether Dash itself stumbled over a callback's body: then nothing of ours has run for it."""
    return request.endpoint == bodies.ENDPOINT and not g.get("reached", False) and isinstance(error, BODY_ERRORS)


def wants_page() -> bool:
    """Whether a person asks, rather than a script."""
    return request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"


def in_words(code: int, words: str) -> Response:
    """The sentence as a page, or as JSON where no page was asked for."""
    if wants_page():
        return make_response(render_template("error.html", status=code, sentence=words), code)
    return make_response(jsonify(problem=words), code)
