import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.folding import fold
from models.posts import Kind
from models.rules import (
    MOST_SPANS,
    Actions,
    Arrival,
    BadRule,
    Conditions,
    Hit,
    RuleFacts,
    RuleSet,
    Span,
    Triage,
    Words,
)

RANKS = {"Emergency": 1, "emergency": 1, "Priority": 2, "Standard": 3}
SAMPLES = json.loads((Path(__file__).parents[3] / "data" / "samples" / "rules.json").read_text("utf-8"))


def arrival(text="", **changed):
    usual = {
        "channel": "x",
        "kind": Kind.PUBLIC,
        "account_id": 1,
        "language": "en",
        "contact_is_new": False,
        "hours": "in",
    }
    return Arrival(text, **(usual | changed))


def rule(*words, id=1, name="a rule", none=(), **actions):
    return RuleFacts(id, name, Conditions(words=Words(words, none) if words or none else None), Actions(**actions))


def triage(text, *rules):
    return RuleSet(rules, RANKS).triage(arrival(text))


def test_a_hit_names_its_rule_and_the_words_as_they_were_written():
    hit = rule("knife", "burn*", id=7, name="Weapons").matches(arrival("KNIFE! Burning, a Knife"))
    assert hit == Hit(7, "Weapons", ("KNIFE", "Burning"), (Span(0, 5), Span(7, 14), Span(18, 23)))


def test_spans_never_overlap():
    hit = rule("house fire", "fire", "fire alarm").matches(arrival("a house fire alarm"))
    assert hit.words == ("house fire", "fire", "fire alarm")
    assert hit.spans == (Span(2, 18),)


def test_a_rule_without_words_hits_without_words():
    assert rule(id=3).matches(arrival("anything")) == Hit(3, "a rule")


@pytest.mark.parametrize(
    ("conditions", "holds", "fails"),
    [
        ({"channels": {"x", "mastodon"}}, {"channel": "mastodon"}, {"channel": "bluesky"}),
        ({"kinds": {"private"}}, {"kind": Kind.PRIVATE}, {"kind": "public"}),
        ({"accounts": {4}}, {"account_id": 4}, {"account_id": 5}),
        ({"contact": "new"}, {"contact_is_new": True}, {"contact_is_new": False}),
        ({"contact": "repeat"}, {"contact_is_new": False}, {"contact_is_new": True}),
        ({"languages": {"CY"}}, {"language": "cy-GB"}, {"language": "en"}),
        ({"languages": {"en-gb"}}, {"language": "en_GB"}, {"language": "en"}),
        ({"languages": {"en"}}, {"language": "en"}, {"language": None}),
        ({"media": {"photo", "video"}}, {"media": frozenset({"video", "file"})}, {"media": frozenset({"audio"})}),
        ({"media": {"photo"}}, {"media": frozenset({"photo"})}, {"media": frozenset()}),
        ({"hours": "out"}, {"hours": "out"}, {"hours": "in"}),
        ({"hours": "out"}, {"hours": "out"}, {"hours": "none"}),
        ({"hours": "in"}, {"hours": "in"}, {"hours": "none"}),
    ],
)
def test_a_condition_holds_or_the_rule_does_not_match(conditions, holds, fails):
    sets = {name: frozenset(value) if isinstance(value, set) else value for name, value in conditions.items()}
    one = RuleFacts(1, "a rule", Conditions(**sets))
    assert one.matches(arrival(**holds))
    assert one.matches(arrival(**fails)) is None


def test_all_conditions_must_hold_and_the_words_too():
    one = RuleFacts(1, "a rule", Conditions(Words(("fire",)), channels=frozenset({"x"}), hours="out"))
    assert one.matches(arrival("fire", hours="out"))
    assert one.matches(arrival("water", hours="out")) is None
    assert one.matches(arrival("fire", hours="in")) is None


def test_a_later_rule_never_lowers_the_grade():
    assert triage("fire", rule("fire", grade="Emergency"), rule("fire", grade="Standard")).grade == "Emergency"
    assert triage("fire", rule("fire", grade="Standard"), rule("fire", grade="emergency")).grade == "emergency"


def test_the_first_rule_that_sets_a_topic_team_or_user_wins():
    first, second, third = (
        rule(grade="Priority"),
        rule(topic="Road", team="Roads"),
        rule(topic="Fire", team="Desk", assign="ann"),
    )
    together = triage("", first, second, third)
    assert (together.topic, together.team, together.assign) == ("Road", "Roads", "ann")


def test_flags_add_up_in_order_each_once():
    assert triage("", rule(flags=("b", "a")), rule(flags=("c", "b"))).flags == ("b", "a", "c")


def test_every_matching_rule_explains_itself_in_order():
    rules = [rule("fire", id=5), rule("knife", id=6), rule(id=7), rule(none=("fire",), id=8), rule("f*e", id=9)]
    assert [hit.rule_id for hit in triage("fire", *rules).hits] == [5, 7, 9]


def test_a_message_that_no_rule_matches_is_left_alone():
    assert triage("hello", rule("fire", grade="Emergency")) == Triage()


def test_spam_is_spam_where_no_rule_graded_the_message():
    advert = rule("free followers", spam=True, grade="Standard")
    assert triage("free followers!", advert).spam
    assert not triage("free followers, and a man with a knife", advert, rule("knife", grade="Emergency")).spam
    assert triage("free followers, thanks", advert, rule("thanks", topic="Thanks")).spam
    assert not triage("hello", advert).spam


def test_a_rule_that_tells_the_team_is_named_with_its_hit_and_no_advertisement_hides_it():
    told = triage("free followers on fire", rule("followers", spam=True), rule("fire", id=7, alarm=True), rule("on"))
    assert ([hit.rule_id for hit in told.calls], len(told.hits), told.spam) == ([7], 3, False)
    assert Actions.from_json({"alarm": True}).to_json() == {"alarm": True}


def test_a_grade_that_is_gone_never_stops_the_rest_and_is_named():
    rules = RuleSet([rule("fire", name="Fire", grade="Code red", topic="Fire"), rule("fire", spam=True)], RANKS)
    together = rules.triage(arrival("fire"))
    assert (together.grade, together.topic, together.spam, len(together.hits)) == (None, "Fire", True, 2)
    assert rules.faults == (
        "rule 'Fire': there is no grade 'Code red'; choose one of Emergency, Priority, Standard, emergency",
    )


def test_a_hit_on_a_flood_of_words_stays_small_and_still_names_each_word():
    hit = rule("fire", "xx*").matches(arrival("fire " * 1000 + "x" * 1000))
    assert len(hit.spans) == MOST_SPANS
    assert hit.words == ("fire", "x" * 100)
    assert len(rule("w0*").matches(arrival(" ".join(f"w0x{number}" for number in range(200)))).words) == MOST_SPANS


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "\ud83d fire", "@", "https://", "'" * 99, "fire" * 9999])
def test_triage_takes_any_text(text):
    assert triage(text, rule("fire", "*f*re"), rule(none=("x",))).hits


TEXTS = st.text(st.sampled_from("ab é'*\n.@") | st.characters(codec=None), max_size=25)
PATTERNS = st.lists(st.sampled_from(["a", "b", "aa", "ab*", "*ba", "a b", "b*b", "é a", "a'b", "🔥"]), max_size=4).map(
    tuple
)
GRADES = st.sampled_from([None, "Emergency", "Priority", "Standard"])


@st.composite
def rules(draw):
    words, none = draw(PATTERNS), draw(PATTERNS)
    conditions = Conditions(
        Words(words, none) if words or none else None, contact=draw(st.sampled_from(["any", "new", "repeat"]))
    )
    flags = draw(st.lists(st.sampled_from("xyz"), max_size=2, unique=True))
    actions = Actions(draw(GRADES), draw(st.sampled_from([None, "T"])), None, tuple(flags), None, draw(st.booleans()))
    return RuleFacts(draw(st.integers(1, 9)), "a rule", conditions, actions)


@settings(max_examples=25)
@given(st.lists(rules(), max_size=6), TEXTS)
def test_rules_together_find_what_each_finds_alone(several, text):
    message = arrival(text)
    rule_set = RuleSet(several, RANKS)
    together = rule_set.triage(message)
    assert together.hits == tuple(hit for hit in (one.matches(message) for one in several) if hit)
    assert rule_set.triage(message) == together


@settings(max_examples=25)
@given(st.lists(rules(), max_size=5), rules(), TEXTS)
def test_one_rule_more_never_lowers_the_grade_nor_changes_the_topic(several, one, text):
    before, after = triage(text, *several), triage(text, *several, one)
    assert RANKS.get(after.grade, 9) <= RANKS.get(before.grade, 9)
    assert before.topic in (None, after.topic)
    assert after.flags[: len(before.flags)] == before.flags
    assert RANKS.get(triage(text, one, *several).grade, 9) == RANKS.get(after.grade, 9)


@settings(max_examples=25)
@given(rules(), TEXTS)
def test_spans_are_sorted_disjoint_and_hold_the_words(one, text):
    hit = one.matches(arrival(text))
    if hit is None:
        return
    ends = [end for span in hit.spans for end in (span.begin, span.end)]
    assert ends == sorted(ends)
    shown = [fold(text[span.begin : span.end]).text for span in hit.spans]
    assert all(any(fold(word).text in stretch for stretch in shown) for word in hit.words)
    assert bool(hit.words) == bool(one.conditions.words and one.conditions.words.any)


@settings(max_examples=15)
@given(rules())
def test_a_rule_goes_to_json_and_back(one):
    assert RuleFacts.from_json(json.loads(json.dumps(one.to_json())), one.id) == one


def test_json_holds_only_what_was_set():
    assert RuleFacts(1, "all", Conditions(), Actions()).to_json() == {"name": "all", "conditions": {}, "actions": {}}
    told = {
        "words": {"any": ["b", "a"], "none": ["c"]},
        "channels": ["mastodon", "x"],
        "kinds": ["private", "public"],
        "accounts": [1, 2],
        "contact": "new",
        "languages": ["cy", "en"],
        "hours": "out",
        "media": ["photo", "video"],
    }
    assert Conditions.from_json(told).to_json() == told
    done = {"grade": "Priority", "topic": "Road", "team": "Desk", "flags": ["b", "a"], "assign": "ann", "spam": True}
    assert Actions.from_json(done).to_json() == done


@pytest.mark.parametrize("nothing", [None, {}, {"words": None, "channels": None, "contact": None}])
def test_conditions_that_are_left_out_hold_for_any_message(nothing):
    assert Conditions.from_json(nothing) == Conditions()


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("conditions", []),
        ("conditions.word", {"word": {}}),
        ("conditions.words", {"words": ["fire"]}),
        ("conditions.words", {"words": {}}),
        ("conditions.words.all", {"words": {"all": ["fire"]}}),
        ("conditions.words.any", {"words": {"any": "fire"}}),
        ("conditions.words.any", {"words": {"any": [1]}}),
        ("conditions.words.any", {"words": {"any": [" "]}}),
        ("conditions.channels", {"channels": "x"}),
        ("conditions.kinds", {"kinds": ["secret"]}),
        ("conditions.accounts", {"accounts": ["1"]}),
        ("conditions.accounts", {"accounts": [True]}),
        ("conditions.contact", {"contact": "old"}),
        ("conditions.hours", {"hours": ["in"]}),
        ("conditions.languages", {"languages": [None]}),
        ("conditions.media", {"media": ["painting"]}),
        ("conditions.media", {"media": "photo"}),
    ],
)
def test_bad_conditions_are_refused_by_the_name_of_the_field(field, bad):
    with pytest.raises(BadRule, match=r": .*(; |write|take it out)") as refusal:
        Conditions.from_json(bad)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("actions", "grade"),
        ("actions.colour", {"colour": "red"}),
        ("actions.grade", {"grade": 1}),
        ("actions.flags", {"flags": "weapon"}),
        ("actions.spam", {"spam": "yes"}),
        ("actions.alarm", {"alarm": 1}),
        ("actions.alarm", {"alarm": True, "spam": True}),
    ],
)
def test_bad_actions_are_refused_by_the_name_of_the_field(field, bad):
    with pytest.raises(BadRule) as refusal:
        Actions.from_json(bad)
    assert refusal.value.field == field
    assert str(refusal.value).startswith(f"{field}: ")


@pytest.mark.parametrize("bad", [{}, {"name": " "}, {"name": 3}])
def test_a_rule_without_a_name_is_refused(bad):
    with pytest.raises(BadRule, match="name"):
        RuleFacts.from_json(bad, 1)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)
FIELDS = st.sampled_from(
    [
        "words",
        "channels",
        "kinds",
        "accounts",
        "contact",
        "languages",
        "hours",
        "media",
        "grade",
        "flags",
        "spam",
        "alarm",
    ]
)


@settings(max_examples=25)
@given(st.dictionaries(FIELDS, JSONS | st.dictionaries(st.sampled_from(["any", "none"]), JSONS), max_size=3))
def test_json_is_read_or_refused_by_name_never_otherwise(value):
    for reader in (Conditions, Actions):
        try:
            assert reader.from_json(reader.from_json(value).to_json()) == reader.from_json(value)
        except BadRule as refusal:
            assert refusal.field


STARTING = RuleSet([RuleFacts.from_json(sample, number) for number, sample in enumerate(SAMPLES, start=1)], RANKS)


def test_the_starting_rules_are_sound():
    assert STARTING.faults == ()
    assert len({one.name for one in STARTING.rules}) == len(STARTING.rules)
    assert all(one.conditions.words and (one.actions.grade or one.actions.topic) for one in STARTING.rules)


def test_no_single_common_word_is_an_emergency():
    single = {
        word
        for one in STARTING.rules
        if one.actions.grade == "Emergency"
        for word in one.conditions.words.any
        if len(fold(word).text.replace("'", " ").split()) == 1
    }
    assert not single & {
        "fire",
        "knife",
        "help",
        "danger",
        "gun",
        "blood",
        "bomb",
        "dead",
        "drowning",
        "trapped",
        "tân",
        "gwn",
    }


@pytest.mark.parametrize(
    ("text", "grade", "flag"),
    [
        ("He is trying to kill me, please hurry", "Emergency", "threat to life"),
        ("man with a machete on the high street", "Emergency", "weapon"),
        ("OUR HOUSE IS ON FIRE", "Emergency", "fire"),
        ("my nan isn’t breathing", "Emergency", "medical"),
        ("I cant breathe", "Emergency", "medical"),
        ("i want to kill myself", "Emergency", "self-harm"),
        ("Dydy o ddim yn anadlu", "Emergency", "medical"),
        ("mae'r ty ar dan, Ty ar dan!", "Emergency", "fire"),
        ("Mae dyn gyda chyllell yma", "Emergency", "weapon"),
        ("Dw i eisiau marw", "Emergency", "self-harm"),
        ("smell of gas in the hall", "Priority", "fire"),
        ("my daughter has gone missing since noon", "Emergency", "missing"),
        ("Grandad has gone missing", "Priority", "missing"),
        ("he's a stalker, he is following me again", "Priority", "domestic abuse"),
        ("racist abuse shouted at us", "Priority", "hate"),
        ("people fighting outside the pub", "Priority", "disorder"),
        ("two vans in a pile-up", "Priority", "collision"),
    ],
)
def test_the_starting_rules_see_risk(text, grade, flag):
    seen = STARTING.triage(arrival(text))
    assert seen.grade == grade
    assert flag in seen.flags


@pytest.mark.parametrize(
    "text",
    [
        "I am not in danger, just a question",
        "where do I hand in a knife and fork",
        "I feel uncomfortable asking for help",
        "Diolch, Dan, mae tan ddydd Gwener yn iawn",
        "@NorthshireFire what time is the open day?",
        "need a form stamping for my shotgun certificate renewal",
        "is there a suicide prevention course near me",
        "our cat has gone missing",
        "what a match, the striker is on fire",
        "the team is in flames after that transfer window",
        "I am drowning in paperwork",
    ],
)
def test_the_starting_rules_leave_ordinary_messages_alone(text):
    assert STARTING.triage(arrival(text)).grade is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("thank you all so much", "Thanks"),
        ("Diolch o galon i chi", "Thanks"),
        ("thanks for nothing", None),
        ("Are you recruiting special constables?", "Recruitment"),
        ("I lost my keys by the canal", "Lost property"),
        ("thank you, but my house is on fire", "Fire and fire safety"),
    ],
)
def test_the_starting_rules_name_the_topic(text, topic):
    assert STARTING.triage(arrival(text)).topic == topic


def test_an_advertisement_is_spam():
    assert STARTING.triage(arrival("Double your Bitcoin, link in bio")).spam


def test_the_words_of_a_rule_are_found_in_a_text_without_a_message():
    sword = rule("sword", none=("sword dance",))
    assert sword.spans_in("a sword dance, then a sword") == (Span(22, 27),)
    assert sword.spans_in("a sword dance") == rule().spans_in("a sword") == ()
