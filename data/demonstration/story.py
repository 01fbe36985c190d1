"""What happens in Northshire: the same day always brings the same posts, so that filling in a day twice changes nothing.

Rates, delays and shares are invented to look like a real desk: about 400 messages a day on an hour-of-week profile, risk
answered within minutes at any hour, the rest when the desk is open.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from data.demonstration.county import county, pick, somebody, stranger
from models.posts import Author, Direction, Kind, Media, Post

ZONE = ZoneInfo("Europe/London")
LONGEST = timedelta(days=4)
"""No thread of the story goes on for longer."""
ELSEWHERE = 0.1
FORGOTTEN = 0.02
"""Share that nobody answers: found and closed hours later, and counted as not answered."""
FOLLOWED_UP = 0.5
NIGHT_DESK = 0.8
"""Share of what is not urgent that somebody answers out of hours all the same."""
DELAYS = {"Emergency": 2.2, "Priority": 9.0, "Standard": 22.0}
"""Median minutes to the reply while somebody is there."""
SPREAD = 0.75
THANKED = 0.6
"""Share of last words after our answer that ask for nothing more."""
NOTHING_MORE = "no reply needed"
WITNESSES = {"x": 0.6, "facebook": 0.3, "mastodon": 0.1}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens: a post, or (``closing``) a conversation closed with that outcome.

    ``account`` numbers the county's accounts. ``by`` is the sign-in name of the colleague who replied in Watchroom.
    A broadcast has no ``contact``.
    """

    at: datetime
    account: int
    contact: Author | None
    post: Post | None = None
    by: str | None = None
    closing: str | None = None


def between(begin: datetime, end: datetime, incidents: Iterable[datetime] = ()) -> list[Event]:
    """Everything that happens in [begin, end), in order; ``incidents`` are the instants at which one began."""
    first = (begin - LONGEST).astimezone(ZONE).date()
    last = end.astimezone(ZONE).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    events = [event for day in days for event in _day(day)]
    events += [event for start in incidents for event in incident(start)]
    return sorted((event for event in events if begin <= event.at < end), key=lambda event: event.at)


@lru_cache(maxsize=8)
def _day(day: date) -> tuple[Event, ...]:
    rng = random.Random(f"northshire {day.isoformat()}")  # noqa: S311 - a story, not a secret
    deck: list[dict[str, Any]] = []
    events: list[Event] = []
    for number, at in enumerate(_arrivals(rng, day)):
        sample = _deal(rng, deck, at)
        events += _thread(rng, sample, at, f"{day:%y%m%d}-{number}")
    return tuple(events)


def _arrivals(rng: random.Random, day: date) -> Iterator[datetime]:
    for hour in range(24):
        rate = county().weights[day.weekday() * 24 + hour]
        begins = datetime.combine(day, time(hour), ZONE).astimezone(UTC)
        minutes, wait = 0.0, 60 / rate
        while (minutes := minutes + rng.expovariate(1 / wait)) < 60:
            yield begins + timedelta(minutes=minutes)


def _deal(rng: random.Random, deck: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    """The next sample that suits the hour, from a shuffled deck: no text comes again before all the others came."""
    if len(deck) < 20:
        fresh = list(county().inbound)
        rng.shuffle(fresh)
        deck[:0] = fresh
    suits = {"any", _part_of_day(at)}
    for place in range(len(deck) - 1, max(len(deck) - 15, -1), -1):
        if deck[place]["hour"] in suits:
            return deck.pop(place)
    return deck.pop()


def _part_of_day(at: datetime) -> str:
    hour = at.astimezone(ZONE).hour
    return "night" if hour >= 22 or hour < 6 else "evening" if hour >= 17 else "day"


def _thread(rng: random.Random, sample: dict[str, Any], at: datetime, key: str) -> Iterator[Event]:
    """One message, what its writer adds, our reply and how it ends."""
    account = _account(rng, sample)
    place = county().accounts[account]
    person = somebody(rng, place["channel"], sample["language"])
    swap = _swap(rng, sample)
    asked = _post(sample, person, at, key, _addressed(swap(sample["text"]), place, sample["kind"]))
    yield Event(at, account, person, asked)
    latest, newest = at, asked
    for number, text in enumerate(sample["follow_up"]):
        if rng.random() < FOLLOWED_UP:
            latest += timedelta(minutes=rng.uniform(1.5, 25))
            added = replace(asked, network_id=f"{key}f{number}", version_id=f"{key}f{number}", text=swap(text))
            newest = replace(added, sent=latest, media=())
            yield Event(latest, account, person, newest)
    if rng.random() < FORGOTTEN:
        found = latest + timedelta(hours=rng.uniform(7, 20))
        yield Event(found, account, person, closing=sample["outcome"])
        return
    yield from _ending(rng, sample, newest, Event(at, account, person, asked), swap)


def _ending(rng: random.Random, sample: dict[str, Any], newest: Post, asked: Event, swap: Any) -> Iterator[Event]:
    workspace = county().accounts[asked.account]["workspace"]
    answered = _answered(rng, sample["expect"], asked.at, workspace)
    ends, outcome = max(answered, newest.sent), sample["outcome"]
    if sample["replies"] and asked.post is not None:
        elsewhere = rng.random() < ELSEWHERE
        by = None if elsewhere else _colleague(rng, asked.account, answered)
        yield replace(asked, at=answered, post=_reply(asked.post, swap(rng.choice(sample["replies"])), answered), by=by)
        if newest.sent > answered:
            if rng.random() < THANKED:
                outcome = NOTHING_MORE
            else:
                ends = _answered(rng, sample["expect"], newest.sent, workspace)
                words = rng.choice(county().places["acknowledged"])
                by = _colleague(rng, asked.account, ends)
                yield replace(asked, at=ends, post=_reply(newest, words, ends), by=by)
    yield Event(ends + timedelta(minutes=rng.uniform(4, 50)), asked.account, asked.contact, closing=outcome)


def _reply(asked: Post, text: str, at: datetime) -> Post:
    return replace(
        asked,
        network_id=f"{asked.network_id}r",
        version_id=f"{asked.network_id}r",
        parent_id=asked.network_id,
        text=text,
        sent=at,
        direction=Direction.OUT,
        media=(),
    )


def _account(rng: random.Random, sample: dict[str, Any]) -> int:
    places = county().places
    open_to = [one for one in places["workspaces"] if one["slug"] in sample["workspaces"]]
    workspace = pick(rng, open_to, [one["weight"] for one in open_to])["slug"]
    numbers = county().accounts_of(workspace)
    shares = {one["key"]: one["weight"] for one in places["channels"]}
    accounts = county().accounts
    weights = [
        shares[accounts[number]["channel"]]
        * accounts[number]["weight"]
        * (4.0 if sample["topic"] in accounts[number]["favours"] else 0.4 if accounts[number]["favours"] else 1.0)
        for number in numbers
    ]
    return int(pick(rng, numbers, weights))


def _swap(rng: random.Random, sample: dict[str, Any]) -> Any:
    """The same words need not return each day: streets stand for one another, the same one throughout a thread."""
    streets = county().places["swaps"]["streets"]
    named = [
        street for street in streets if street in " ".join([sample["text"], *sample["follow_up"], *sample["replies"]])
    ]
    others = rng.sample([street for street in streets if street not in named], len(named))
    pairs = dict(zip(named, others, strict=True))

    def swapped(text: str) -> str:
        for old, new in pairs.items():
            text = text.replace(old, new)
        return text

    return swapped


def _addressed(text: str, place: dict[str, Any], kind: str) -> str:
    named = (
        kind == "public" and place["channel"] in ("x", "mastodon") and place["handle"].casefold() not in text.casefold()
    )
    return f"{place['handle']} {text}" if named else text


def _post(sample: dict[str, Any], person: Author, at: datetime, key: str, text: str) -> Post:
    return Post(
        network_id=key,
        sent=at,
        text=text,
        kind=Kind(sample["kind"]),
        direction=Direction.IN,
        contact=person,
        language=sample["language"],
        media=tuple(Media(kind) for kind in sample.get("media", ())),
    )


def _answered(rng: random.Random, expect: str, at: datetime, workspace: str) -> datetime:
    """When somebody replies: risk within minutes at any hour; the rest at once, or once the desk opens again."""
    minutes = DELAYS.get(expect, DELAYS["Standard"]) * rng.lognormvariate(0, SPREAD)
    opens = _opens(at, workspace)
    if opens > at and expect in DELAYS and expect != "Standard":
        return at + timedelta(minutes=minutes * 1.6)
    if opens > at and rng.random() > NIGHT_DESK:
        return opens + timedelta(minutes=minutes)
    return at + timedelta(minutes=minutes * (1.8 if opens > at else 1.0))


def _opens(at: datetime, workspace: str) -> datetime:
    """The instant itself in working hours, else the next working morning at nine."""
    local = at.astimezone(ZONE)
    if local.weekday() < 5 and 8 <= local.hour < 18:
        return at
    day = local.date() if local.hour < 8 else local.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    hour = 8 if workspace == "northshire" else 9
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)


def _colleague(rng: random.Random, account: int, at: datetime) -> str:
    return str(rng.choice(county().deskers(county().accounts[account]["workspace"], _part_of_day(at))))


@lru_cache(maxsize=64)
def incident(start: datetime) -> tuple[Event, ...]:
    """The incident that began at ``start``: a post every ten seconds, official replies, and colleagues who catch up."""
    rng = random.Random(f"incident {start.isoformat()}")  # noqa: S311 - a story, not a secret
    script = county().incident
    key = f"incident-{int(start.timestamp())}"
    people: dict[int, tuple[int, Author]] = {}
    events: list[Event] = []
    asked: dict[str, Event] = {}
    for line in script["posts"]:
        account, person = people.setdefault(line["contact"], _witness(rng, line, f"{key}-{line['contact']}"))
        at = start + timedelta(seconds=line["offset"])
        text = _addressed(line["text"], county().accounts[account], line["kind"])
        event = Event(at, account, person, _post(line, person, at, f"{key}-{line['id']}", text))
        asked[line["id"]] = event
        events.append(event)
    events += [event for line in script["official"] for event in _official(line, asked, start)]
    events += [event for first in asked.values() for event in _caught_up(rng, first)]
    return tuple(events)


def _witness(rng: random.Random, line: dict[str, Any], network_id: str) -> tuple[int, Author]:
    numbers = county().accounts_of("northshire")
    channels = [county().accounts[number] for number in numbers]
    weights = [0.0 if place["favours"] else WITNESSES[place["channel"]] for place in channels]
    account = int(pick(rng, numbers, weights))
    person = stranger(rng, county().accounts[account]["channel"], line["language"])
    return account, replace(person, network_id=network_id)


def _official(line: dict[str, Any], asked: dict[str, Event], start: datetime) -> Iterator[Event]:
    """A post written on the network itself: a reply, or where it answers nobody in particular a broadcast."""
    at = start + timedelta(seconds=line["offset"])
    if line["answers"] is None:
        key = f"incident-{int(start.timestamp())}-official-{line['offset']}"
        post = Post(key, at, line["text"], Kind(line["kind"]), Direction.OUT)
        yield Event(at, county().accounts_of("northshire")[0], None, post)
    answered = asked.get(line["answers"])
    if answered is not None and answered.post is not None:
        yield replace(answered, at=at, post=_reply(answered.post, line["text"], at))


def _caught_up(rng: random.Random, first: Event) -> Iterator[Event]:
    at = first.at + timedelta(minutes=rng.uniform(14, 75))
    if first.post is not None:
        by = _colleague(rng, first.account, at)
        yield replace(first, at=at, post=_reply(first.post, county().incident["caught_up"], at), by=by)
        yield Event(at + timedelta(minutes=3), first.account, first.contact, closing="passed to incident")
