import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.folding import fold
from models.words import LONGEST_PHRASE, MOST_READ, MOST_WORDS, BadRule, Reading, Words, join

LETTERS = st.text(st.sampled_from("abcé🔥 -'*\n.@"), max_size=30)
WORD = st.text(st.sampled_from("abé"), min_size=1, max_size=4)


def found(text, *any, none=()):
    """The found stretches as they were written, or None where the words do not hold."""
    words, reading = Words(any, tuple(none)), Reading(text)
    left = words.settle(reading, words.find(reading))
    if left is None:
        return None
    spans = [reading.folded.span(*place) for place in left]
    return [text[span.begin : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I feel uncomfortable", "for"),
        ("penknifes", "knife"),
        ("the fire_service", "fire"),
        ("Fulham", "ham"),
        ("Zażółć", "zol"),
        ("tanio", "tân"),
        ("चाकूवाला", "चाकू"),
    ],
)
def test_a_word_is_not_found_inside_another(text, word):
    assert found(text, word) is None


@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ("a KNIFE!", "knife", "KNIFE"),
        ("knife's edge", "knife", "knife"),
        ("#knife", "knife", "knife"),
        ("mae tân, brysiwch", "TAN", "tân"),
        ("masz nóż?", "noz", "nóż"),
        ("اس کے پاس چاقو ہے", "چاقو", "چاقو"),
        ("चाकू है", "चाकू", "चाकू"),
        ("help🔥🔥", "🔥", "🔥"),
        ("dial 999.", "999", "999"),
    ],
)
def test_a_whole_word_is_found_in_any_writing(text, word, written):
    assert found(text, word)[0] == written


@pytest.mark.parametrize(
    "text", ["house fire", "HOUSE  \n FIRE", "a house-fire", "house\u00a0fire", "'house' fire", "house\u200b fire"]
)
def test_a_phrase_is_found_across_any_white_space_or_a_hyphen(text):
    assert len(found(text, "house fire")) == 1


@pytest.mark.parametrize(
    "text", ["house. Fire", "house @bob fire", "house big fire", "fire house", "house", "the fire", "housefire"]
)
def test_a_phrase_is_not_found_across_a_full_stop_a_name_or_another_word(text):
    assert found(text, "house fire") is None


def test_a_sign_that_the_phrase_holds_itself_is_found():
    assert found("waiting in A&E", "a&e") == ["A&E"]
    assert found("waiting in A+E", "a&e") is None


@pytest.mark.parametrize("text", ["I can't breathe", "i cant breathe", "I CAN’T BREATHE", "can `t breathe"])
def test_an_apostrophe_may_be_missing_in_the_message(text):
    assert found(text, "can't breathe")


@pytest.mark.parametrize(
    ("word", "yes", "no"),
    [
        ("burn*", ["burn", "burning", "BURNT"], ["sunburn", "bur"]),
        ("*fire", ["fire", "wildfire", "#HouseFire"], ["fires"]),
        ("*fire*", ["wildfires", "fire"], ["fir"]),
        ("st*bb*d", ["stabbed", "stbbd"], ["stab", "stabbe"]),
        ("b*n", ["burn", "bn"], ["burns"]),
        ("ab*ba", ["abba", "abxba"], ["aba"]),
        ("*a*e*", ["xaxe", "ae"], ["ea"]),
        ("*火*", ["大火災"], ["水"]),
        ("lost my *", ["lost my son"], ["lost my"]),
        ("m*n with *ife", ["man with knife", "men with wife"], ["man with"]),
    ],
)
def test_a_star_stands_for_any_letters_or_none(word, yes, no):
    assert [text for text in yes if not found(text, word)] == []
    assert [text for text in no if found(text, word)] == []


@pytest.mark.parametrize(
    "text",
    [
        "@fire hello",
        "@Fire_Northshire hello",
        "@help@fire.example hello",
        "@fire.northshire.example hello",
        "https://example.org/fire?x=fire",
        "www.example.org/fire",
        "é @fire",
    ],
)
def test_handles_and_links_are_not_searched(text):
    assert found(text, "fire", "fire_northshire", "example") is None


@pytest.mark.parametrize(
    "text", ["@northshire fire", "@northshire...fire", "@ fire", "@northshire:fire", "me@home fire", "awww.fire"]
)
def test_what_stands_beside_a_handle_is_searched(text):
    assert found(text, "fire") == ["fire"]


def test_a_phrase_to_leave_out_takes_away_only_the_word_it_covers():
    words = {"none": ["knife and fork"]}
    assert found("a knife and fork", "knife", **words) is None
    assert found("a knife and fork, then he drew a KNIFE", "knife", **words) == ["KNIFE"]
    assert found("eats with a knife and fork", "with a knife", **words) is None


def test_not_in_danger_does_not_hide_someone_who_is():
    words = {"none": ["not in danger"]}
    assert found("I am not in danger", "in danger", **words) is None
    assert found("I am not in danger but my sister is in danger", "in danger", **words) == ["in danger"]


def test_a_phrase_to_leave_out_that_stands_by_itself_stops_the_rule():
    assert found("fire at the mill. This is a training exercise", "fire", none=["training exercise"]) is None
    assert found("fire at the mill", "fire", none=["training exercise"]) == ["fire"]


def test_a_rule_may_ask_only_that_words_are_absent():
    assert found("hello", none=["fire"]) == []
    assert found("fire", none=["fire"]) is None


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("", "no letter"),
        ("!?", "no letter"),
        ("*", "no letter"),
        ("* *", "no letter"),
        ("a*", "almost every message"),
        ("* b*", "almost every message"),
        ("@bob", "handle"),
        ("https://example.org", "link"),
        ("x" * (LONGEST_PHRASE + 1), "shorten"),
    ],
)
def test_a_word_that_could_find_nothing_or_everything_is_refused(word, why):
    with pytest.raises(BadRule, match=why) as refusal:
        Words(("fire", word))
    assert refusal.value.field == "conditions.words.any"


def test_a_bad_word_to_leave_out_is_refused_by_its_own_name():
    with pytest.raises(BadRule, match=r"conditions\.words\.none: .* take it out"):
        Words(("fire",), ("...",))


def test_too_many_words_are_refused():
    with pytest.raises(BadRule, match="make two rules"):
        Words(("word",) * (MOST_WORDS + 1))


def test_no_words_at_all_are_refused():
    with pytest.raises(BadRule, match="at least one word"):
        Words()


def test_only_the_beginning_of_an_endless_message_is_read():
    assert found("fire " + "x" * MOST_READ, "fire") == ["fire"]
    assert found("x " * MOST_READ + "fire", "fire") is None


HOSTILE = [
    ("*a*a*a*b", "a" * 10_000_000),
    ("a*a*a*b", "a" * 10_000_000),
    ("aa aa", "aa " * 5_000),
    ("aa*", "@aa" * 5_000),
    ("*aab", "@" + "-" * 100_000),
    ("aa bb", "@a." * 30_000),
    ("aa", "aa" + "\u200b" * 90_000),
]


@pytest.mark.parametrize(("word", "text"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_do_not_hang(word, text):
    assert len(found(text, word) or ()) <= MOST_READ


def test_overlapping_places_become_one():
    assert join([(4, 6), (0, 3), (2, 5), (6, 7)]) == [(0, 6), (6, 7)]


def by_hand(text, word):
    """A slow reading of the rule: cut the folded text at everything that is no letter, and compare."""
    letters = [each if each.isalnum() else f" {each} " if each == "🔥" else " " for each in fold(text).text]
    return fold(word).text in "".join(letters).split()


@settings(max_examples=30)
@given(LETTERS.filter(lambda text: "@" not in text), WORD)
@example("uncomfortable", "for")
def test_a_word_is_found_exactly_where_it_stands_alone(text, word):
    assert bool(found(text, word)) == by_hand(text, word)


@settings(max_examples=25)
@given(LETTERS, st.lists(st.text(st.sampled_from("abé* '"), min_size=2, max_size=6), min_size=1, max_size=4))
def test_what_is_found_by_several_words_is_what_each_finds(text, words):
    try:
        together = found(text, *words)
        apart = [place for word in words for place in found(text, word) or ()]
    except BadRule:
        return
    assert set(together or ()) == set(apart)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("a knife was seen at the school", "knife was seen at the school"),
        ("at the school there is a knife", "school there is a knife"),
        ("a knife and then one two three four at school", None),
        ("a knife", None),
        ("school", None),
        ("school school knife school", "school school knife school"),
    ],
)
def test_two_words_near_each_other_are_one_find(text, near):
    words, reading = Words(("knife near/5 school",)), Reading(text)
    left = words.settle(reading, words.find(reading))
    found = None if left is None else [reading.folded.text[begin:end] for begin, end in join(left)]
    assert found == (None if near is None else [near]) or (near and found[0] in near)


@pytest.mark.parametrize("text", ["knife near/0 school", "knife near/51 school", "knife near/5 !", "a* near/5 school"])
def test_what_is_no_nearness_is_refused(text):
    with pytest.raises(BadRule):
        Words((text,))
