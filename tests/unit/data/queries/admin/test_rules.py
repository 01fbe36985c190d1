"""Rules as sentences."""

import pytest

from data.queries.admin.rules import effect_of, sentence_of
from models.rules import Actions, Conditions

WORDS = {"any": ["a", "b", "c", "d", "e", "f", "g"], "none": ["x"]}


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({}, "Every message"),
        ({"words": WORDS}, "A message that says “a”, “b”, “c”, “d”, “e”, “f” or 1 more, does not say “x”"),
        ({"words": {"any": ["a", "b"]}, "channels": ["x"]}, "A message that says “a” or “b”, comes by x"),
        (
            {"kinds": ["private"], "accounts": [1, 9]},
            "A message that is private, is to @north or an account that is gone",
        ),
        ({"contact": "new", "hours": "out"}, "A message that is the first of its contact, comes out of hours"),
        ({"contact": "repeat", "hours": "in"}, "A message that is not the first of its contact, comes in hours"),
        ({"languages": ["cy"]}, "A message that is in the language cy"),
        ({"media": ["video", "photo"]}, "A message that has a photo or a video attached"),
    ],
)
def test_when_a_rule_acts(conditions, said):
    assert sentence_of(Conditions.from_json(conditions), {1: "@north"}) == said


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ({}, "only marks its words"),
        (
            {"grade": "Emergency", "topic": "Fire", "flags": ["fire", "gas"]},
            "grade Emergency, topic Fire, flag fire, gas",
        ),
        ({"team": "Desk", "assign": "ann", "spam": True}, "team Desk, assign ann, mark as spam"),
        ({"alarm": True}, "tell the team at once"),
    ],
)
def test_what_a_rule_does(actions, said):
    assert effect_of(Actions.from_json(actions)) == said
