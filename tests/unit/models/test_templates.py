"""Templates: variables that are known, and nothing from outside that is read as one."""

import json

import pytest

from data.reply_rules import LANGUAGES, TEMPLATES
from models.lengths import measure
from models.posts import Kind
from models.problems import BadValue
from models.templates import LONGEST, LONGEST_NAME, VARIABLES, checked, fill, variables

FACTS = {
    "contact": "Morgan Ellis-Hughes", "handle": "@morgan", "account": "@northshire", "service": "Northshire Police",
    "reference": "123456", "opening hours": "Monday to Friday 09:00 to 17:00", "colleague": "C. Rees",
}  # fmt: skip
SHIPPED = json.loads(TEMPLATES.read_text("utf-8"))


def test_variables_are_filled_in_however_they_are_spaced():
    assert (
        fill("Dear {contact}, {Opening  Hours}", FACTS) == "Dear Morgan Ellis-Hughes, Monday to Friday 09:00 to 17:00"
    )
    assert variables("{contact} and {contact}") == ("contact", "contact")


def test_a_name_with_braces_is_no_variable():
    assert fill("{contact}!", FACTS | {"contact": "{colleague} \\1"}) == "{colleague} \\1!"


@pytest.mark.parametrize(
    "text", ["Dear {contct}", "Dear {contact", "Dear contact}", "{}", "", "  ", "a" * (LONGEST + 1)]
)
def test_a_text_that_would_go_out_wrong_is_refused(text):
    with pytest.raises(BadValue):
        checked("Greeting", text)


@pytest.mark.parametrize("name", ["", " ", "n" * (LONGEST_NAME + 1)])
def test_a_name_is_needed(name):
    with pytest.raises(BadValue):
        checked(name, "Hello")


def test_a_variable_that_nothing_is_known_for_is_refused():
    with pytest.raises(BadValue):
        fill("{contact}", {})


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one["name"])
def test_what_is_shipped_is_right_and_fits_a_post_on_x(one):
    assert checked(one["name"], one["text"]) == (one["name"], one["text"])
    assert one["language"] in LANGUAGES
    assert measure("x", Kind.PUBLIC, fill(one["text"], FACTS)).fits


def test_what_is_shipped_covers_what_control_rooms_say_most():
    said = " ".join(one["text"] for one in SHIPPED)
    for word in ("999", "101", "18000", "Relay UK", "116 123", "85258", "{opening hours}", "fire safety", "press 55"):
        assert word in said
    assert {one["language"] for one in SHIPPED} >= {"en", "cy"}
    assert set(FACTS) == set(VARIABLES)
