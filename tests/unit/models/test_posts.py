"""What a network gives, before anything is made of it."""

from datetime import UTC, datetime

import pytest

from models.posts import Direction, Kind, Post, attached

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("field", ["sent", "edited", "deleted"])
def test_a_time_without_a_zone_is_refused(field):
    times = {"sent": NOON} | {field: NOON.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="a time without a zone"):
        Post("1", text="", kind=Kind.PUBLIC, direction=Direction.IN, **times)


def test_the_first_version_has_the_posts_own_name():
    assert Post("1", NOON, "", Kind.PUBLIC, Direction.IN).version_id == "1"
    assert Post("1", NOON, "", Kind.PUBLIC, Direction.IN, version_id="2").version_id == "2"


@pytest.mark.parametrize(
    ("stored", "kinds"),
    [
        (None, set()),
        ([], set()),
        ([["photo", "a street"], ["photo", ""], ["video", ""]], {"photo", "video"}),
        ([["hologram", "a street"]], {"file"}),
    ],
)
def test_what_is_attached_is_told_by_kinds_that_rules_know(stored, kinds):
    assert attached(stored) == kinds
