from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.parts import Milestones, WaitPart, parts_of

T0 = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(minutes):
    return None if minutes is None else T0 + timedelta(minutes=minutes)


def parts(replied, **steps):
    found = parts_of(Milestones(T0, at(replied), **{name: at(minutes) for name, minutes in steps.items()}))
    return {part.value: length // timedelta(minutes=1) for part, length in found.items() if length}


def test_a_wait_with_every_step_is_cut_at_each():
    steps = {"stored": 1, "seen": 3, "assessed": 6, "claimed": 10, "queued": 15, "approved": 21}
    assert parts(28, **steps) == {
        "ingestion": 1,
        "unseen": 2,
        "unassessed": 3,
        "unclaimed": 4,
        "claimed": 5,
        "approval": 6,
        "sending": 7,
    }


def test_without_an_approval_nothing_waits_for_one():
    assert parts(8, stored=1, seen=2, assessed=3, claimed=4, queued=7) == {
        "ingestion": 1,
        "unseen": 1,
        "unassessed": 1,
        "unclaimed": 1,
        "claimed": 3,
        "sending": 1,
    }


def test_a_step_that_never_was_had_not_happened_until_the_next_one():
    assert parts(8, stored=1, claimed=5, queued=7) == {"ingestion": 1, "unseen": 4, "claimed": 2, "sending": 1}


def test_answered_on_the_network_itself_it_was_not_seen_here_until_then():
    assert parts(8, stored=2) == {"ingestion": 2, "unseen": 6}


def test_a_reply_that_was_the_first_assessment_is_no_step_of_its_own():
    steps = {"stored": 1, "seen": 2, "claimed": 4, "queued": 7}
    assert parts(8, assessed=8, **steps) == parts(8, **steps)


def test_a_reply_known_before_its_question_was_all_ingestion():
    assert parts(8, stored=60) == {"ingestion": 8}


@pytest.mark.parametrize("steps", [{}, {"seen": 3, "assessed": 1}, {"claimed": -5}, {"queued": 99}])
def test_steps_out_of_order_still_sum_to_the_wait(steps):
    assert sum(parts(8, **steps).values()) == 8


@given(
    replied=st.integers(0, 100),
    steps=st.fixed_dictionaries(
        {
            name: st.none() | st.integers(-20, 120)
            for name in ("stored", "seen", "assessed", "claimed", "queued", "approved")
        }
    ),
)
def test_the_parts_sum_to_the_public_wait_and_none_is_negative(replied, steps):
    found = parts_of(Milestones(T0, at(replied), **{name: at(minutes) for name, minutes in steps.items()}))
    assert list(found) == list(WaitPart)
    assert all(length >= timedelta() for length in found.values())
    assert sum(found.values(), timedelta()) == timedelta(minutes=replied)
