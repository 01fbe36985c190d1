"""Triage: what rules make of a message when it arrives. Pure matching; ``data/intake.py`` carries out what comes of it.

A rule in JSON, as the database and ``data/samples/rules.json`` (a list of these, in order) keep it. Everything but the
name may be left out; what is not known is refused with ``BadRule``:

    {"name": "Weapons",
     "conditions": {
         "words":     {"any": ["with a knife", "machete*"], "none": ["knife and fork"]},   see models/words.py
         "channels":  ["x", "mastodon"],           of the message; empty or left out = any, here and below
         "kinds":     ["public", "private", "listening"],
         "accounts":  [1, 2],                      account ids
         "contact":   "any" | "new" | "repeat",    new = never heard from before
         "languages": ["en", "cy"],                "en" holds for "en-GB" too; an unknown language is in no list
         "media":     ["photo", "video"],          something of one of these kinds is attached: see models/posts.py
         "hours":     "any" | "in" | "out"},       by the calendar in force when it was sent; no calendar = neither
     "actions": {
         "grade":  "Emergency",                    key or word of a grade
         "topic":  "Crime report",
         "team":   "Social desk",
         "flags":  ["weapon"],
         "assign": "rhale",                        a user's sign-in name
         "spam":   true,                           not together with the next
         "alarm":  true}}                          tell the team at once

All conditions must hold. Every rule that matches acts, in order: the most urgent grade wins wherever it stands; the first
topic, team and user win; flags add up; every alarm is raised. Spam holds only where no other matching rule graded the message
or raises an alarm, so that a word of advertising never hides a cry for help. A rule without actions only marks its words.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from models.folding import Folded, Span, fold
from models.posts import Attached, Kind
from models.words import MOST_READ, BadRule, Index, Place, Reading, Words, join

__all__ = [
    "MOST_READ", "MOST_SPANS", "Actions", "Arrival", "BadRule", "Conditions", "Folded", "Hit", "RuleFacts", "RuleSet",
    "Span", "Triage", "Words", "fold",
]  # fmt: skip

MOST_SPANS = 50
"""Places that one hit names; a message that repeats a word a thousand times is found all the same."""

LONGEST_WORD = 100
"""Characters of a found word that a hit quotes."""

Contact = Literal["any", "new", "repeat"]
Hours = Literal["any", "in", "out"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as rules see it. ``contact_is_new``: this account never heard from the contact before.

    ``language`` is BCP 47 or None; ``hours`` is ``none`` where no calendar was in force when it was sent.
    ``media``: the kinds of what is attached.
    """

    text: str
    channel: str
    kind: str
    account_id: int
    language: str | None
    contact_is_new: bool
    hours: Literal["in", "out", "none"]
    media: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Conditions:
    """What must hold for a rule; an empty set holds for any message. Raises BadRule where nothing could ever match."""

    words: Words | None = None
    channels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    accounts: frozenset[int] = frozenset()
    contact: Contact = "any"
    languages: frozenset[str] = frozenset()
    hours: Hours = "any"
    media: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what no message has."""
        _one_of(self.contact, ("any", "new", "repeat"), "conditions.contact")
        _one_of(self.hours, ("any", "in", "out"), "conditions.hours")
        for kind in sorted(self.kinds):
            _one_of(kind, tuple(Kind), "conditions.kinds")
        for kind in sorted(self.media):
            _one_of(kind, tuple(Attached), "conditions.media")
        object.__setattr__(self, "languages", frozenset(language.lower() for language in self.languages))

    def allow(self, arrival: Arrival) -> bool:
        """Whether everything but the words holds."""
        return (
            (not self.channels or arrival.channel in self.channels)
            and (not self.kinds or arrival.kind in self.kinds)
            and (not self.accounts or arrival.account_id in self.accounts)
            and (self.contact == "any" or (self.contact == "new") is arrival.contact_is_new)
            and (not self.languages or _speaks(arrival.language, self.languages))
            and self.hours in ("any", arrival.hours)
            and (not self.media or not self.media.isdisjoint(arrival.media))
        )

    @classmethod
    def from_json(cls, value: object) -> "Conditions":
        """Read the ``conditions`` of a rule. Raises BadRule."""
        given = _mapping(value, "conditions", cls.__dataclass_fields__)
        words = None
        if given.get("words") is not None:
            lists = _mapping(given["words"], "conditions.words", ("any", "none"))
            words = Words(*(_texts(lists.get(part), f"conditions.words.{part}") for part in ("any", "none")))
        return cls(
            words=words,
            channels=frozenset(_texts(given.get("channels"), "conditions.channels")),
            kinds=frozenset(_texts(given.get("kinds"), "conditions.kinds")),
            accounts=frozenset(_numbers(given.get("accounts"), "conditions.accounts")),
            contact=given.get("contact") or "any",
            languages=frozenset(_texts(given.get("languages"), "conditions.languages")),
            hours=given.get("hours") or "any",
            media=frozenset(_texts(given.get("media"), "conditions.media")),
        )

    def to_json(self) -> dict[str, Any]:
        """Only what was set, lists sorted: the same conditions always give the same JSON."""
        words = {} if self.words is None else {"any": list(self.words.any), "none": list(self.words.none)}
        told = {
            "words": {part: texts for part, texts in words.items() if texts},
            "channels": sorted(self.channels),
            "kinds": sorted(map(str, self.kinds)),
            "accounts": sorted(self.accounts),
            "contact": self.contact,
            "languages": sorted(self.languages),
            "hours": self.hours,
            "media": sorted(map(str, self.media)),
        }
        return {name: part for name, part in told.items() if part and part != "any"}


@dataclass(frozen=True)
class Actions:
    """What a matching rule does; names are looked up by whoever carries it out."""

    grade: str | None = None
    topic: str | None = None
    team: str | None = None
    flags: tuple[str, ...] = ()
    assign: str | None = None
    spam: bool = False
    alarm: bool = False

    def __post_init__(self) -> None:
        """Refuse an alarm for what nobody is shown."""
        if self.spam and self.alarm:
            raise BadRule("actions.alarm", "nobody is called for spam; take one of the two away")

    @classmethod
    def from_json(cls, value: object) -> "Actions":
        """Read the ``actions`` of a rule. Raises BadRule."""
        given = _mapping(value, "actions", cls.__dataclass_fields__)
        spam, alarm = (_truth(given.get(name, False), f"actions.{name}") for name in ("spam", "alarm"))
        grade, topic, team, assign = (
            _text(given.get(name), f"actions.{name}") for name in ("grade", "topic", "team", "assign")
        )
        flags = tuple(dict.fromkeys(_texts(given.get("flags"), "actions.flags")))
        return cls(grade, topic, team, flags, assign, spam, alarm)

    def to_json(self) -> dict[str, Any]:
        """Only what was set."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: list(part) if name == "flags" else part for name, part in told.items() if part}


@dataclass(frozen=True, slots=True)
class Hit:
    """Why a rule matched: the words as they were written, in order, and where (disjoint, sorted, on the original text).

    A rule without words has neither. At most MOST_SPANS words and as many places are named.
    """

    rule_id: int
    rule_name: str
    words: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Triage:
    """What the rules together make of a message, with every hit that led to it; ``calls`` are those that raise an alarm."""

    grade: str | None = None
    topic: str | None = None
    team: str | None = None
    flags: tuple[str, ...] = ()
    assign: str | None = None
    spam: bool = False
    hits: tuple[Hit, ...] = ()
    calls: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class RuleFacts:
    """One rule of a workspace; ``id`` is its row's."""

    id: int
    name: str
    conditions: Conditions = field(default_factory=Conditions)
    actions: Actions = field(default_factory=Actions)

    @classmethod
    def from_json(cls, value: object, id: int) -> "RuleFacts":
        """Read a whole rule as the samples hold it. Raises BadRule."""
        given = _mapping(value, "rule", ("name", "conditions", "actions"))
        name = _text(given.get("name"), "name")
        if not name:
            raise BadRule("name", "missing; give the rule a name")
        return cls(id, name, Conditions.from_json(given.get("conditions")), Actions.from_json(given.get("actions")))

    def to_json(self) -> dict[str, Any]:
        """The rule without its id, which is the row's."""
        return {"name": self.name, "conditions": self.conditions.to_json(), "actions": self.actions.to_json()}

    def matches(self, arrival: Arrival) -> Hit | None:
        """The hit this rule alone makes on a message, or None; never raises."""
        reading = Reading(arrival.text)
        words = self.conditions.words
        return self.hit(arrival, reading, words.find(reading) if words else [])

    def spans_in(self, text: str) -> tuple[Span, ...]:
        """Where the words of this rule stand in a text; none where they do not hold, or it has none."""
        words, reading = self.conditions.words, Reading(text)
        left = words.settle(reading, words.find(reading)) if words else None
        return _spans(reading.folded, left) if left else ()

    def hit(self, arrival: Arrival, reading: Reading, places: Sequence[Place]) -> Hit | None:
        """The same where the places of the rule's ``any`` words are known already."""
        conditions = self.conditions
        if not conditions.allow(arrival):
            return None
        if conditions.words is None:
            return Hit(self.id, self.name)
        left = conditions.words.settle(reading, places)
        if left is None:
            return None
        return Hit(self.id, self.name, _quoted(reading.folded, left), _spans(reading.folded, left))


class RuleSet:
    """A workspace's enabled rules in order, compiled once and shared by threads; it never changes.

    ``grade_rank`` gives the rank of each grade, by key or word; 1 is the most urgent. ``faults`` names the rules whose grade
    is not in the scheme: they still mark words and do the rest, so that a renamed grade never stops intake.
    """

    def __init__(self, rules: Sequence[RuleFacts], grade_rank: Mapping[str, int]) -> None:
        self.rules = tuple(rules)
        self.faults = tuple(
            f"rule {rule.name!r}: there is no grade {rule.actions.grade!r}; choose one of {', '.join(sorted(grade_rank))}"
            for rule in self.rules
            if rule.actions.grade and rule.actions.grade not in grade_rank
        )
        self._rank = dict(grade_rank)
        worded = [(number, rule.conditions.words) for number, rule in enumerate(self.rules)]
        self._index = Index((number, phrase) for number, words in worded if words for phrase in words.wanted)
        self._always = frozenset(number for number, words in worded if words is None or not words.any)

    def triage(self, arrival: Arrival) -> Triage:
        """What all rules make of one message: the same for the same message and rules; never raises."""
        reading = Reading(arrival.text)
        found = self._index.find(reading)
        matched: list[tuple[Actions, Hit]] = []
        for number in sorted(self._always.union(found)):
            rule = self.rules[number]
            hit = rule.hit(arrival, reading, found.get(number, ()))
            if hit:
                matched.append((rule.actions, hit))
        return self._together(matched) if matched else _NOTHING

    def _together(self, matched: Sequence[tuple[Actions, Hit]]) -> Triage:
        actions = [each for each, _ in matched]
        grades = [each.grade for each in actions if each.grade in self._rank]
        serious = any(each.alarm or each.grade in self._rank for each in actions if not each.spam)
        return Triage(
            grade=min(grades, key=self._rank_of, default=None),
            topic=_first(each.topic for each in actions),
            team=_first(each.team for each in actions),
            flags=tuple(dict.fromkeys(flag for each in actions for flag in each.flags)),
            assign=_first(each.assign for each in actions),
            spam=not serious and any(each.spam for each in actions),
            hits=tuple(hit for _, hit in matched),
            calls=tuple(hit for each, hit in matched if each.alarm),
        )

    def _rank_of(self, grade: str | None) -> int:
        return self._rank[grade or ""]


_NOTHING = Triage()


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _speaks(language: str | None, wanted: Collection[str]) -> bool:
    """Whether a BCP 47 tag or any shorter form of it is wanted."""
    parts = (language or "").lower().replace("_", "-").split("-")
    return any("-".join(parts[:size]) in wanted for size in range(1, len(parts) + 1))


def _spans(folded: Folded, places: Sequence[Place]) -> tuple[Span, ...]:
    return tuple(folded.span(begin, end) for begin, end in join(places)[:MOST_SPANS])


def _quoted(folded: Folded, places: Sequence[Place]) -> tuple[str, ...]:
    """Each found word once, in the writing of its first place."""
    first = {folded.text[begin:end]: (begin, end) for begin, end in reversed(places)}
    spans = (folded.span(*place) for place in sorted(first.values())[:MOST_SPANS])
    return tuple(folded.original[span.begin : span.end][:LONGEST_WORD] for span in spans)


def _one_of(value: object, allowed: Sequence[str], field: str) -> None:
    if value not in allowed:
        raise BadRule(field, f"{value!r} is not known; choose one of {', '.join(allowed)}")


def _mapping(value: object, field: str, allowed: Collection[str]) -> Mapping[str, Any]:
    """An object with known names only; None counts as empty."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadRule(field, "not an object; write names and values in braces")
    for name in value:
        if name not in allowed:
            raise BadRule(f"{field}.{name}", f"not known; use only {', '.join(allowed)}")
    return value


def _list(value: object, field: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise BadRule(field, "not a list; write values in square brackets")
    return list(value)


def _truth(value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise BadRule(field, f"{value!r} is neither true nor false; write one of them")
    return value


def _text(value: object, field: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise BadRule(field, f"{value!r} is not a text; put it in quotes")
    return value.strip() or None if value else None


def _texts(value: object, field: str) -> tuple[str, ...]:
    texts = tuple(_text(each, field) for each in _list(value, field))
    if None in texts:
        raise BadRule(field, "holds an empty text; write something, or take it out")
    return tuple(text for text in texts if text)


def _numbers(value: object, field: str) -> tuple[int, ...]:
    numbers = _list(value, field)
    if any(isinstance(each, bool) or not isinstance(each, int) for each in numbers):
        raise BadRule(field, f"{numbers!r} holds something that is no account number; use whole numbers")
    return tuple(numbers)
