"""Every refusal has a sentence that a person can read."""

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta

import pytest

import models
from callbacks.problems import SENTENCES, STATUS, sentence, status, wait_words
from models.claims import HolderAtWork, MixedGrades, OfferOver
from models.problems import (
    AlreadyClaimed,
    AlreadyClosed,
    BadSetting,
    BadValue,
    BlockedWords,
    IncidentClosed,
    InIncident,
    NeedsConfirming,
    NotPermitted,
    Problem,
    SignOnFailed,
    TooManyTries,
    Unassessed,
    WindowClosed,
    WrongSignIn,
    WrongState,
)
from models.retention import Held
from models.shifts import ShiftOver

MADE = {
    "SignOnFailed": SignOnFailed("the provider does not answer"),
    "AlreadyClaimed": AlreadyClaimed(7, None, "Bob"),
    "AlreadyClosed": AlreadyClosed("Bob"),
    "BadSetting": BadSetting("WATCHROOM_PORT", "give a whole number"),
    "BlockedWords": BlockedWords(("numpty", "calm down")),
    "NeedsConfirming": NeedsConfirming(("a telephone number",)),
    "WindowClosed": WindowClosed(datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
    "BadValue": BadValue("zone", "give a name such as Europe/London"),
    "Held": Held("case 3"),
    "HolderAtWork": HolderAtWork("Bob"),
    "MixedGrades": MixedGrades(("Emergency", "Standard")),
    "OfferOver": OfferOver("declined"),
    "ShiftOver": ShiftOver("accepted"),
    "IncidentClosed": IncidentClosed("Canal Street fire"),
    "InIncident": InIncident("Canal Street fire"),
    "NotPermitted": NotPermitted("reply"),
    "TooManyTries": TooManyTries(timedelta(minutes=3, seconds=1)),
    "Unassessed": Unassessed("closed"),
    "WrongState": WrongState("sending", "withdraw"),
}


def every_problem(kind=Problem):
    for module in pkgutil.iter_modules(models.__path__):
        if module.name != "migrations":
            importlib.import_module(f"models.{module.name}")
    for below in kind.__subclasses__():
        yield below
        yield from every_problem(below)


def made(kind):
    return MADE.get(kind.__name__) or kind.__new__(kind)


def test_every_problem_has_a_sentence():
    missing = {kind.__name__ for kind in every_problem() if not any(base in SENTENCES for base in kind.__mro__)}
    assert not missing


@pytest.mark.parametrize("kind", sorted(SENTENCES, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_a_sentence_is_one_a_person_can_read(kind):
    said = sentence(made(kind))
    assert said[0].isupper()
    assert said.endswith(".")
    assert kind.__name__ not in said
    assert 20 < len(said) < 160


def test_a_refusal_names_what_a_person_needs_to_know():
    assert sentence(MADE["AlreadyClaimed"]) == "Bob is already answering this conversation."
    assert sentence(AlreadyClaimed(7)) == "A colleague is already answering this conversation."
    assert sentence(MADE["AlreadyClosed"]) == "Bob has closed this conversation already."
    assert sentence(AlreadyClosed()) == "A colleague has closed this conversation already."
    assert sentence(MADE["NotPermitted"]) == "Your roles here do not include the right to reply."
    assert sentence(MADE["BadValue"]) == "Zone: give a name such as Europe/London."


def test_a_refusal_of_a_known_kind_has_that_kinds_sentence_and_status():
    class StillWrong(WrongSignIn):
        pass

    assert sentence(StillWrong()) == sentence(WrongSignIn())
    assert status(StillWrong()) == STATUS[WrongSignIn] == 401
    assert status(MADE["BadValue"]) == 400


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "1 s"), (5, "5 s"), (59, "59 s"), (60, "1 min"), (61, "2 min"), (900, "15 min")]
)
def test_a_wait_is_never_said_too_short(seconds, said):
    assert wait_words(timedelta(seconds=seconds)) == said
