"""Accreditation holds to the end of its day; an expired one is never offered."""

from dataclasses import replace
from datetime import date

import pytest

from models.experts import LONGEST_SKILL, check_skill, check_until, is_accredited
from models.problems import BadValue
from models.snapshots.experts import Expert, SkillMark, offered
from tests.factories import NOW

DAY = date(2026, 11, 25)
ON = Expert(1, "Zoe", False, NOW, (SkillMark(1, "Arabic speaker", None, True),))
OFF = replace(ON, id=2, name="Abe", on_since=None)
EXPIRED = replace(ON, id=3, name="Max", skills=(SkillMark(3, "Arabic speaker", DAY, False),))


def test_an_accreditation_holds_to_the_end_of_its_day():
    assert is_accredited(None, DAY) and is_accredited(DAY, DAY)
    assert not is_accredited(date(2026, 11, 24), DAY)


def test_an_expired_accreditation_is_never_offered():
    people = (OFF, EXPIRED, ON)
    assert offered(people, "Arabic speaker", on_duty=False) == (ON, OFF)
    assert offered(people, "Arabic speaker", on_duty=True) == (ON,)
    assert offered(people, "", on_duty=False) == (EXPIRED, ON, OFF)
    assert offered(people, "Diver", on_duty=False) == ()


def test_one_skill_has_one_name_and_what_cannot_be_is_refused():
    assert check_skill("  arabic\n speaker ") == "Arabic speaker"
    assert check_until("") is None and check_until("2026-11-25") == DAY
    for check, said in (
        (check_skill, " "),
        (check_skill, "x" * (LONGEST_SKILL + 1)),
        (check_skill, "\ud800"),
        (check_until, "tomorrow"),
    ):
        with pytest.raises(BadValue):
            check(said)
