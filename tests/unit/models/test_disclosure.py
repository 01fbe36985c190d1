"""What a reply would give away. Every number here is from the ranges that Ofcom and others keep for invented ones."""

import pytest

from models.disclosure import LONGEST_WORD, Given, blocked, checked_word, findings
from models.folding import Span
from models.problems import BadValue

PRIVATE = "My mother fell behind the old mill by the weir, ring 07700 900123, I am at 12 Mill Road"


def given(text, private=(), agreed=()):
    return [one.given for one in findings(text, private, agreed)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ring me on 07700 900123", Given.PHONE),
        ("Ring me on +44 (0)7700-900.123 please", Given.PHONE),
        ("01632 960123", Given.PHONE),
        ("0044 7700 900123", Given.PHONE),
        ("write to jo.bloggs+x@mail.example.org", Given.EMAIL),
        ("They live in NS1 2AB", Given.POSTCODE),
        ("gir 0aa", Given.POSTCODE),
        ("Go to 12 Mill Road", Given.ADDRESS),
        ("at 7b, Old Station Lane now", Given.ADDRESS),
        ("yn 14 Heol y Bont", Given.ADDRESS),
        ("14 Heol", None),
        ("QQ 12 34 56 C", None),
        ("AB 12 34 56 C", Given.INSURANCE),
        ("the van AB12 CDE", Given.CAR),
        ("the van A123 BCD", Given.CAR),
        ("the van ABC 123D", Given.CAR),
        ("card 4929 1234 5678 9010", None),
        ("card 4111 1111 1111 1111", Given.CARD),
        ("Call 999 or 101, or text 85258", None),
        ("Samaritans, 116 123", None),
        ("National helpline 0808 2000 247", None),
        ("Your number is 1234567", None),
        ("from 10:00 to 17:00 on 12/11/2026", None),
        ("nothing here", None),
    ],
)
def test_personal_details_are_found_and_public_numbers_are_not(text, kind):
    assert given(text) == ([] if kind is None else [kind])


def test_it_says_where_and_what_once_for_each_place():
    found = findings("Jo, 07700 900123, or jo@mail.example.org")
    assert [(one.span, one.words) for one in found] == [
        (Span(4, 16), "07700 900123"), (Span(21, 40), "jo@mail.example.org"),
    ]  # fmt: skip


def test_what_the_workspace_agreed_on_is_its_own():
    agreed = ["Write to help@northshire.example.uk or ring 01632 960999"]
    assert given("Ring 01632 960 999 or help@northshire.example.uk", agreed=agreed) == []


def test_what_the_contact_told_in_private_is_named_as_such():
    assert given("We have your number, 07700900123", [PRIVATE]) == [Given.TOLD]


def test_six_of_their_words_in_a_row_are_a_quotation():
    (found,) = findings("You say she FELL behind the old mill by the weir. Is that so?", [PRIVATE])
    assert (found.given, found.words) == (Given.TOLD, "FELL behind the old mill by the weir")
    assert given("She fell behind the old mill", [PRIVATE]) == []
    twice = "fell behind the old mill by the weir and then fell behind the old mill by the weir"
    assert given(twice, [PRIVATE]) == [Given.TOLD, Given.TOLD]


def test_a_quotation_round_a_detail_is_told_once():
    assert given("behind the old mill by the weir ring 07700 900123", [PRIVATE]) == [Given.TOLD]


def test_blocked_words_are_whole_words_whatever_their_case_and_accents():
    words = ("numpty", "calm down", "Pédant", "!")
    assert blocked("Please CALM  down, you pedant", words) == ("calm down", "Pédant")
    assert blocked("numptyish calmdown", words) == ()


def test_a_blocked_word_has_letters_and_an_end():
    assert checked_word("  calm   down ") == "calm down"
    for wrong in ("", " ", "!?", "a" * (LONGEST_WORD + 1)):
        with pytest.raises(BadValue):
            checked_word(wrong)
