"""The head of the panel: the contact, how the conversation stands, and who holds it."""

from typing import Any

from dash import html

from layouts import wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.bonds import bonds
from models.moves import State
from models.snapshots import Thread


def head(thread: Thread, alone: bool) -> list[Any]:
    """``alone`` where the conversation is the page and not beside the queue."""
    title = [marks.shape(thread.grade.look), marks.remote(thread.contact)]
    heading = html.H1(title, className="panel-title") if alone else html.H2(title, className="panel-title")
    return [
        html.Div([heading, html.P(_who(thread), className="panel-who")], className="panel-name"),
        html.P(_standing(thread), className="panel-standing"),
        html.P(_holding(thread), className="panel-holding"),
        *_erased(thread),
        *_offer(thread),
        *_assessment(thread),
        *bonds(thread),
    ]


def _erased(thread: Thread) -> list[Any]:
    """Nobody looks for the words, or tries to answer."""
    if not thread.erased:
        return []
    said = (
        "This contact was erased: their words and names are gone, times and grades stand. Nobody can be answered here."
    )
    return [html.P(said, className="panel-erased")]


def _who(thread: Thread) -> list[Any]:
    """The contact's own name on the network, how often they came, and the account they wrote to."""
    often = f", {wording.ordinal(thread.contacts)} time in touch" if thread.contacts > 1 else ""
    followers = "" if thread.followers is None else f", {wording.plural(thread.followers, 'follower')}"
    about = f" on {wording.channel(thread.channel)}{often}{followers}, to "
    return [marks.remote(thread.handle), about, marks.remote(thread.account)]


def _standing(thread: Thread) -> list[Any]:
    """Grade, time to due, and both waits; a conversation without an open turn says what it is."""
    word = html.Span(thread.grade.word, className=f"ink-{thread.grade.look} strong")
    topic = [f" About: {thread.topic}."] if thread.topic else []
    if thread.since is None:
        return [word, ", ", *_state(thread), ". Nobody waits for an answer.", *topic]
    aside = [] if thread.state == State.OPEN else [" ", *_state(thread, first=True), "."]
    staffed = [] if thread.staffed is None else [f", staffed {wording.age(thread.staffed)}"]
    return [
        word,
        ", ",
        marks.due(thread.due, thread.as_at, className="due strong"),
        ". Public wait ",
        marks.aged(thread.since, thread.as_at),
        *staffed,
        ".",
        *aside,
        *topic,
    ]


def _state(thread: Thread, first: bool = False) -> list[Any]:
    """What it waits for: a partner by name, a snooze until when."""
    stands, zone = thread.stands, thread.workspace.zone
    words: list[Any] = [thread.state.capitalize() if first else thread.state]
    if thread.state == State.PARTNER and stands.partner:
        words += [": ", marks.remote(stands.partner)]
    if thread.state == State.SNOOZED:
        words.append(f" until {wording.moment(stands.snoozed_until, thread.as_at, zone)}")
    return words


def _assessment(thread: Thread) -> list[Any]:
    """Who graded it and when, whether to do so again, and what was answered."""
    stands = thread.stands
    if thread.state == State.CLOSED and stands.assessed is None:
        return []
    asks = html.Span(
        "Assess again? ",
        className="asks strong",
        hidden=stands.again is None or stands.again > thread.as_at,
        **attributes(data_from=wording.iso(stands.again)),
    )
    if stands.assessed is None:
        said: list[Any] = ["Nobody has assessed it yet."] if stands.unassessed else []
    else:
        when = wording.moment(stands.assessed, thread.as_at, thread.workspace.zone)
        since = " The contact has written since." if stands.unassessed else ""
        said = ["Assessed by ", marks.remote(stands.by), f", {when}.{since}"]
    line = [html.P([asks, *said], className="panel-assessed")] if said else []
    return [*line, *_answers(thread)]


def _answers(thread: Thread) -> list[Any]:
    if not thread.stands.answers:
        return []
    told = [html.Div([html.Dt(name.capitalize()), html.Dd(marks.remote(text))]) for name, text in thread.stands.answers]
    return [html.Details([html.Summary("What was answered"), html.Dl(told)], className="panel-answers")]


def _holding(thread: Thread) -> list[Any]:
    """Who is answering, who should, and whose claim lapsed."""
    claiming = thread.claiming
    assigned: list[Any] = []
    if claiming.assigned is not None:
        assigned = [" Assigned to ", "you" if claiming.to_me else marks.remote(claiming.assigned), "."]
    if thread.holder is None:
        return ["Nobody is answering.", *_lapsed(thread), *assigned]
    who: list[Any] = ["You are answering"] if thread.mine else [marks.remote(thread.holder), " is answering"]
    if thread.held_since is None:
        return [*who, ".", *assigned]
    return [*who, ", since ", wording.moment(thread.held_since, thread.as_at, thread.workspace.zone), ".", *assigned]


def _lapsed(thread: Thread) -> list[Any]:
    claiming = thread.claiming
    if claiming.lapsed is None:
        return []
    when = wording.moment(claiming.lapsed_at, thread.as_at, thread.workspace.zone)
    return [" The claim of ", marks.remote(claiming.lapsed), f" lapsed at {when}."]


def _offer(thread: Thread) -> list[html.P]:
    """What is being handed over, to whom, with its note."""
    offer = thread.claiming.offer
    if offer is None:
        return []
    until = wording.moment(offer.lapses, thread.as_at, thread.workspace.zone)
    who = "You hand" if offer.mine else [marks.remote(offer.giver), " hands"]
    to = "you" if offer.for_me else marks.remote(offer.to)
    said = [*who] if isinstance(who, list) else [who]
    words = [*said, " this over to ", to, f", until {until}: “", marks.remote(offer.note), "”"]
    return [html.P(words, className="panel-offer")]
