"""The directory: own state, ways to search, who is there, and what only supervisors may press."""

from dataclasses import replace
from datetime import date

from layouts import experts
from models.snapshots.experts import AskMark, Expert, ExpertsPage, SkillMark
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

ME = Expert(1, "R. Hale", True, None, ())
ZOE = Expert(2, "Zoe Ali", False, make.ago(90), (
    SkillMark(4, "Arabic speaker", date(2027, 3, 31), True), SkillMark(5, "Diver", date(2026, 1, 31), False),
))  # fmt: skip
PAGE = ExpertsPage(
    make.NORTHSHIRE,
    make.NOW,
    9,
    (ZOE, ME),
    ((1, "R. Hale"), (2, "Zoe Ali")),
    (("Arabic speaker", 1, 1),),
    "",
    False,
    ME,
    True,
)


def said(**changes):
    return " ".join(texts(experts.page(replace(PAGE, **changes))))


def test_it_says_who_is_on_duty_and_until_when_they_are_accredited():
    text = said()
    for words in ("You are off duty.", "since 13:02", "Arabic speaker (1 on duty of 1)", "until", "2027", "EXPIRED"):
        assert words in text, words
    on = replace(ME, on_since=make.ago(5))
    assert "You are on duty since 14:27" in said(mine=on, rows=(on,))


def test_only_who_moves_work_keeps_skills_and_signs_others_off():
    plain = drawn(experts.page(replace(PAGE, may_keep=False)))
    assert "skill-drop" not in plain and "duty-off" not in plain and "experts-keep" not in plain
    assert "duty-off" in drawn(experts.page(PAGE))


def test_the_search_stands_in_the_address_and_nobody_found_says_what_to_do():
    text = drawn(experts.page(replace(PAGE, skill="Arabic speaker", on_duty=True, rows=(), mine=None)))
    assert "skill=Arabic+speaker" in text and "duty=on" in text and "Nobody found" in text


def test_it_says_who_was_asked_for_and_how_that_stands():
    called = AskMark(3, 7, "Diver", make.ago(2), "", "Zoe Ali", make.ago(-3), None, "", may_end=True)
    taken = replace(called, by="R. Hale", until=None, ended=make.ago(1), ending="taken", may_end=False)
    text = said(asks=(called, taken, replace(taken, who="", ending="nobody"), replace(taken, who="", ending="over")))
    for words in (
        "by a rule",
        "Zoe Ali is called, the next one at 14:35:05",
        "by R. Hale",
        "Zoe Ali has it since 14:31",
    ):
        assert words in text, words
    assert text.count("Call off") == 1 and "Nobody was left to call" in text and "closed before anybody came" in text
