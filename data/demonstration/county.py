"""The invented county of Northshire, read from ``data/samples/``: places, people, texts and the shape of a week."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.posts import Author

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
REGULARS = 0.45
"""Share of messages by people who write again and again; the rest write once or twice."""


@dataclass(frozen=True)
class County:
    """Everything the story is made of; the samples' README says what each field means."""

    places: dict[str, Any]
    contacts: list[dict[str, Any]]
    names: dict[str, Any]
    weights: list[float]
    inbound: list[dict[str, Any]]
    incident: dict[str, Any]

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """The official accounts, in the order in which the story numbers them."""
        return list(self.places["accounts"])

    def accounts_of(self, workspace: str) -> list[int]:
        """The numbers of one workspace's accounts."""
        return [number for number, account in enumerate(self.accounts) if account["workspace"] == workspace]

    def deskers(self, workspace: str, shift: str) -> list[str]:
        """Sign-in names of those who may answer there, those of the shift first in line."""
        able = [
            person
            for person in self.places["colleagues"]
            if {"Operator", "Supervisor"} & set(person["roles"].get(workspace, ()))
        ]
        on_shift = [person["sign_in"] for person in able if person["shift"] == shift]
        return on_shift or [person["sign_in"] for person in able]


@cache
def county() -> County:
    """The county, read once."""

    def read(name: str) -> Any:
        return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))

    return County(
        places=read("places"),
        contacts=read("contacts"),
        names=read("names"),
        weights=read("profile")["weights"],
        inbound=read("inbound"),
        incident=read("incident"),
    )


def pick(rng: random.Random, options: Sequence[Any], weights: Sequence[float]) -> Any:
    """One of ``options`` by weight."""
    return rng.choices(options, weights=weights, k=1)[0]


def somebody(rng: random.Random, channel: str, language: str) -> Author:
    """A person of the channel who writes this language: a regular, or somebody made for the day."""
    regulars = _regulars(channel, language)
    if regulars and rng.random() < REGULARS:
        found = pick(rng, regulars, [one["weight"] for one in regulars])
        return Author(found["id"], found["handle"], found["name"], found["followers"])
    return stranger(rng, channel, language)


@cache
def _regulars(channel: str, language: str) -> list[dict[str, Any]]:
    return [one for one in county().contacts if one["channel"] == channel and one["language"] == language]


def stranger(rng: random.Random, channel: str, language: str) -> Author:
    """A person made from the lists of names, with a handle that shows that it is invented."""
    names = county().names
    given, family = rng.choice(names[language]["given"]), rng.choice(names[language]["family"])
    number = rng.randrange(10, 1000)
    plain = "".join(letter for letter in f"{given}{family[:1]}".casefold() if letter.isascii() and letter.isalnum())
    handle = (
        f"{plain}{number}@social.example" if channel == "mastodon" else f"{plain}{number}_{rng.choice(names['tags'])}"
    )
    followers = None if channel == "facebook" else rng.randrange(3, 900)
    return Author(f"once-{rng.getrandbits(48):x}", handle, f"{given} {family}", followers)
