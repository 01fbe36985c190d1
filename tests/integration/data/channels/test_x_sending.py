"""Sending on X, and the figures of what was sent: one call, and what is unknown is called unknown."""

import pytest

from data.channels.contract import NotAllowed, OutcomeUnknown, RateLimited, Refused, Unreachable
from models.posts import Author, Kind, Reply
from tests.integration.data.channels.conftest import NOON, own_post
from tests.x_server import Fault, half, reset, x_id

ANN = Author("2000", "ann_outside", "Ann", 7)


def test_a_public_reply_is_sent_below_the_post_it_answers(x, connected):
    receipt = connected().send(Reply("a1", "On our way", Kind.PUBLIC, ANN, "555"))
    assert x.bodies == [{"reply": {"in_reply_to_tweet_id": "555"}, "text": "On our way"}]
    assert (receipt.network_id, receipt.sent) == (x_id(NOON, 1), NOON)


def test_a_private_reply_goes_to_the_person(x, connected):
    receipt = connected().send(Reply("a2", "Between us", Kind.PRIVATE, ANN))
    assert x.calls[-1][1] == "/2/dm_conversations/with/2000/messages"
    assert x.bodies == [{"text": "Between us"}]
    assert receipt.network_id == x_id(NOON, 1)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Fault("/2/tweets", act=reset, method="POST"), OutcomeUnknown),
        (Fault("/2/tweets", act=half, method="POST"), OutcomeUnknown),
        (Fault("/2/tweets", 503, method="POST"), OutcomeUnknown),
        (Fault("/2/tweets", 201, body=b"<html>", method="POST"), OutcomeUnknown),
        (Fault("/2/tweets", 201, body=b'{"data": {}}', method="POST"), OutcomeUnknown),
        (Fault("/2/tweets", 400, method="POST"), NotAllowed),
        (Fault("/2/tweets", 403, body=b'{"detail": "duplicate content"}', method="POST"), NotAllowed),
        (Fault("/2/tweets", 401, method="POST"), Refused),
        (Fault("/2/tweets", 429, method="POST"), RateLimited),
    ],
)
def test_a_send_is_sent_once_and_what_is_unknown_is_called_unknown(x, connected, fault, failure):
    x.faults = [fault]
    with pytest.raises(failure) as raised:
        connected().send(Reply("a3", "On our way", Kind.PUBLIC, ANN, "555"))
    assert type(raised.value) is failure
    assert len(x.calls) == 1
    assert "On our way" not in str(raised.value)


def test_a_send_whose_connection_was_never_made_may_be_tried_again(connected):
    with pytest.raises(Unreachable):
        connected(base_url="http://127.0.0.1:1").send(Reply("a4", "On our way", Kind.PUBLIC, ANN, "555"))


def test_an_app_token_cannot_send(connected):
    with pytest.raises(NotAllowed, match="four keys"):
        connected({"bearer_token": "t"}).send(Reply("a5", "On our way", Kind.PUBLIC, ANN, "555"))


def test_engagement_gives_what_x_gives_and_nothing_for_what_it_does_not(x, connected):
    x.media = [{"media_key": "7_1", "type": "video", "public_metrics": {"view_count": 40}}]
    x.own = [
        own_post(
            NOON,
            public_metrics={"impression_count": 90, "like_count": 3, "reply_count": 0, "retweet_count": 2},
            non_public_metrics={"url_link_clicks": 5, "impression_count": 88},
            attachments={"media_keys": ["7_1"]},
        )
    ]
    identity = x.own[0]["id"]
    x.deleted = {"404"}
    told = connected().engagement([identity, "404"])
    assert set(told) == {identity}
    assert told[identity].figures == {
        "impressions": 90, "likes": 3, "replies": 0, "reposts": 2, "link_clicks": 5, "video_views": 40,
    }  # fmt: skip


def test_engagement_asks_a_hundred_at_a_time(x, connected):
    x.own = [own_post(NOON, number=at, public_metrics={"like_count": at}) for at in range(150)]
    told = connected().engagement([row["id"] for row in x.own])
    assert len(told) == 150
    assert [len(query["ids"].split(",")) for query in x.asked("/2/tweets") if "ids" in query] == [100, 50]


def test_a_private_reply_to_somebody_whose_number_is_unknown_is_not_sent(x, connected):
    with pytest.raises(NotAllowed):
        connected().send(Reply("a6", "Between us", Kind.PRIVATE, Author("../5", "ann", "Ann")))
    assert x.calls == []
