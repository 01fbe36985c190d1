"""Incidents and the drafts of their reports, read from whatever was kept."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.incidents import (
    LINES,
    LONGEST_LINE,
    MOST_CITED,
    Draft,
    Incident,
    Major,
    Veracity,
    check_name,
    check_reference,
    check_veracity,
    draft_from,
)
from models.problems import BadValue, IncidentClosed

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)


def incident(**facts):
    return Incident(**{"workspace_id": 1, "audit_id": 1, "name": "Canal Street fire", "opened": NOON, **facts})


def test_an_incident_is_closed_once_and_may_go_on():
    one = incident()
    assert one.veracity == Veracity.UNCONFIRMED
    one.close(4, NOON)
    assert (one.closed, one.closed_by_id) == (NOON, 4)
    with pytest.raises(IncidentClosed, match="Canal Street fire"):
        one.close(4, NOON)
    one.reopen()
    assert (one.closed, one.closed_by_id) == (None, None)
    one.must_be_open()


def test_the_lines_spell_methane():
    assert "".join(letter for _, letter, _ in LINES) == "METHANE"


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_an_incident_has_a_short_name(name):
    with pytest.raises(BadValue):
        check_name(name)


def test_names_and_references_are_one_line():
    assert check_name(" Canal\nStreet ") == "Canal Street"
    assert check_reference(" 482 of\t12 October ") == "482 of 12 October"
    assert check_reference("") == ""
    with pytest.raises(BadValue):
        check_reference("x" * 61)


def test_veracity_is_one_of_three_words():
    assert check_veracity("true") is Veracity.TRUE
    with pytest.raises(BadValue):
        check_veracity("perhaps")


@pytest.mark.parametrize(
    "facts",
    [None, 3, "text", [], {}, {"major": 3, "texts": "abc", "cited": "abc"}, {"major": "maybe", "texts": [None] * 9}],
)
def test_what_makes_no_sense_is_not_known(facts):
    assert draft_from(facts) == Draft()
    assert draft_from(facts).empty


def test_a_draft_is_read_as_it_was_kept():
    texts = ("yes", "Canal Street", "", "gas bottles", "", "", "")
    draft = Draft(Major.STANDBY, texts, ((), (4, 5), (), (6,), (), (), ()))
    assert not draft.empty
    assert draft_from(draft.to_json()) == draft


def test_a_draft_is_never_longer_than_it_may_be():
    facts = {"texts": ["x" * 5000], "cited": [[*range(1, 100), 1, True, -1, "2", 2**63], 7]}
    draft = draft_from(facts)
    assert len(draft.texts[0]) == LONGEST_LINE
    assert draft.cited[0] == tuple(range(1, MOST_CITED + 1))
    assert draft.cited[1] == ()


def test_words_and_messages_of_a_draft_change_apart():
    draft = (
        Draft().typed(Major.STANDBY, ["", "Canal Street"]).cite("location", 4).cite("location", 5).cite("nothing", 6)
    )
    assert (draft.major, draft.texts[1], draft.cited[1]) == (Major.STANDBY, "Canal Street", (4, 5))
    assert draft.uncite("location", 4).cited[1] == (5,)
    assert draft.uncite("hazards", 4) == draft
    assert sum(map(len, draft.cited)) == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.sampled_from(["major", "texts", "cited"]), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_page_may_say_anything(facts):
    draft = draft_from(facts)
    assert len(draft.texts) == len(draft.cited) == len(LINES)
    assert draft_from(draft.to_json()) == draft
