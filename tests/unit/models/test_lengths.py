"""A reply is as long as the network that it goes to says."""

import pytest

from models.lengths import Measure, graphemes, mastodon_length, measure, x_weight
from models.posts import Kind
from models.problems import BadValue

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("On our way.", 11),
        ("cyfleusterau’r gŵyl – “ie”", 26),
        ("Тревога", 7),
        ("سیلاب", 5),
        ("洪水", 4),
        ("e\u0301", 1),
        ("\U0001f692", 2),
        (FAMILY, 2),
        (WALES, 2),
        ("\U0001f1ec\U0001f1e7", 2),
        ("\U0001f44d\U0001f3fd", 2),
        ("9\ufe0f\u20e3", 2),
        ("999", 3),
        ("\u00a9", 1),
        ("\u00a9\ufe0f", 2),
        ("\u2764\ufe0f", 2),
        ("\u203c\ufe0e", 4),
        ("https://northshire.uk/a/very/long/address/of/a/page/about/floods", 23),
        ("a.uk", 23),
        ("See https://a.uk and b.uk.", 56),
    ],
)
def test_x_counts_weights_links_and_emoji(text, weight):
    assert x_weight(text) == weight


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("On our way", 10),
        (FAMILY, 1),
        ("https://northshire.uk/a/very/long/address", 23),
        ("a.uk", 4),
        ("@ann@far.away.example hello", 10),
        ("mail@ann@far.example", 20),
        ("see https://a.uk, @bob", 33),
    ],
)
def test_mastodon_counts_a_link_as_23_and_only_the_local_part_of_a_mention(text, length):
    assert mastodon_length(text) == length


def test_a_grapheme_is_what_a_person_sees_as_one_character():
    assert graphemes(f"e\u0301{FAMILY}{WALES}\r\nक्षि") == 5


def test_bluesky_has_two_limits_and_the_nearer_one_is_shown():
    assert measure("bluesky", Kind.PUBLIC, "a" * 150) == Measure(150, 300, "characters")
    assert measure("bluesky", Kind.PUBLIC, FAMILY * 150) == Measure(150 * 25, 3_000, "bytes")


@pytest.mark.parametrize(
    ("channel", "kind", "limit"),
    [
        ("x", Kind.PUBLIC, 280),
        ("x", Kind.PRIVATE, 10_000),
        ("bluesky", Kind.PUBLIC, 300),
        ("bluesky", Kind.PRIVATE, 1_000),
        ("mastodon", Kind.PUBLIC, 500),
        ("mastodon", Kind.PRIVATE, 500),
        ("facebook", Kind.PUBLIC, 8_000),
        ("facebook", Kind.PRIVATE, 2_000),
    ],
)
def test_each_network_has_its_limit(channel, kind, limit):
    full, over = measure(channel, kind, "a" * limit), measure(channel, kind, "a" * (limit + 1))
    assert (full.limit, full.left, full.fits) == (limit, 0, True)
    assert (over.left, over.fits) == (-1, False)


@pytest.mark.parametrize(("channel", "kind"), [("pigeon", Kind.PUBLIC), ("", Kind.PUBLIC), ("x", Kind.LISTENING)])
def test_a_reply_nobody_can_send_has_no_length(channel, kind):
    with pytest.raises(BadValue):
        measure(channel, kind, "Hello")


def test_half_a_surrogate_pair_is_counted_and_stops_nothing():
    assert measure("bluesky", Kind.PUBLIC, "\ud83d").used == 1
    assert x_weight("\ud83d") == 2
