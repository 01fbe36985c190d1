"""Notes: who may change them, whom they name, and which flags stay."""

from datetime import UTC, datetime, timedelta

import pytest

from models.notes import LONGEST_NOTE, Note, check_note, mentioned, with_flag, without_flag
from models.problems import AlreadyStruck, BadValue, NotAuthor

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
PEOPLE = {"rhale": 1, "crees": 2, "o'brien": 3, "j.k.": 4, "żaneta": 5}


def note(**facts):
    known = {
        "workspace_id": 1,
        "audit_id": 1,
        "conversation_id": 7,
        "author_id": 2,
        "text": "Same address",
        "written": NOON,
    }
    return Note(**{**known, **facts})


def test_its_author_corrects_and_strikes_a_note():
    one = note()
    one.correct(2, "Same street", LATER)
    assert (one.text, one.corrected, one.written) == ("Same street", LATER, NOON)
    one.strike(2, LATER)
    assert one.struck == LATER


@pytest.mark.parametrize("act", [lambda one: one.correct(1, "x", LATER), lambda one: one.strike(1, LATER)])
def test_nobody_else_does(act):
    one = note()
    with pytest.raises(NotAuthor):
        act(one)
    assert (one.text, one.corrected, one.struck) == ("Same address", None, None)


@pytest.mark.parametrize("act", [lambda one: one.correct(2, "x", LATER), lambda one: one.strike(2, LATER)])
def test_what_was_struck_out_stays_so(act):
    with pytest.raises(AlreadyStruck):
        act(note(struck=NOON))


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("@rhale please", (1,)),
        ("ask @RHale, @crees.", (1, 2)),
        ("@crees and @rhale and @crees again", (2, 1)),
        ("(@rhale)", (1,)),
        ("“@rhale”", (1,)),
        ("@o'brien!", (3,)),
        ("tell @j.k.", (4,)),
        ("@Żaneta", (5,)),
        ("mail me at rhale@crees", ()),
        ("@@rhale @ rhale @nobody", ()),
        ("a.@rhale", ()),
        ("", ()),
    ],
)
def test_whom_a_note_names(said, named):
    assert mentioned(said, PEOPLE) == named


def test_a_note_says_something_and_not_too_much():
    assert check_note("  two\nlines \0 ") == "two\nlines"
    for said in ("", " \n ", "x" * (LONGEST_NOTE + 1)):
        with pytest.raises(BadValue):
            check_note(said)


def test_flags_are_set_once_and_cleared():
    assert with_flag(None, "child") == ["child"]
    assert with_flag(["child", "weapon"], "child") == ["weapon", "child"]
    assert without_flag(["child", "weapon"], "child") == ["weapon"]
    assert without_flag(["child"], "child") is None
    assert without_flag(None, "child") is None
