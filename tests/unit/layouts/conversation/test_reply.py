"""The composer, and replies on their way: what stands there in every case, in plain words."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from layouts import conversation
from layouts.conversation import reply, send_back
from layouts.conversation.messages import messages
from models.disclosure import Finding, Given
from models.folding import Span
from models.lengths import Measure
from models.outbox import OutgoingState
from models.permissions import Permission
from models.posts import Kind
from models.snapshots import Looked, TemplateOffer, Way
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

NOW = make.NOW
MINE = {"holder": "C. Rees", "mine": True}


def thread(own=None, **changes):
    return make.thread(composer=make.composer(**(own or {})), **changes)


def plain(found):
    """Its words, with one space between them."""
    return " ".join(" ".join(texts(found)).split())


def said(found):
    return " ".join(plain(one) if not isinstance(one, str) else one.strip() for one in found)


def composed(own=None, **changes):
    return plain(conversation.page(thread(own, **changes), frozenset(Permission)))


def test_who_may_not_reply_sees_no_composer():
    assert reply.composer(make.thread()) == []
    assert reply.composer(None) == []


def test_nothing_is_written_before_the_conversation_is_claimed():
    assert "Claim it to reply C ." in composed()
    assert reply.may_write(thread()) is False
    assert "M. Iqbal is answering: only the holder replies." in composed(holder="M. Iqbal")
    assert reply.may_write(thread(**MINE))


def test_it_says_as_whom_and_how():
    words = composed(**MINE)
    for part in ("as", "Northshire Police", "Reply to", "Ctrl+Enter", "Ctrl+."):
        assert part in words
    several = json.dumps(json.loads(drawn(reply.composer(thread({"accounts": ((1, "@a"), (2, "@b"))}, **MINE))[0])))
    assert '"label": "@b"' in several


def test_a_network_that_takes_no_replies_says_so():
    assert "Watchroom cannot reply on Facebook here." in composed({"ways": ()}, **MINE)


def test_a_second_person_is_announced_before_one_writes():
    assert "A second person has to approve it" in composed({"approval": True}, **MINE)


def test_one_answers_as_the_contact_wrote_unless_the_draft_was_begun_otherwise_or_that_is_closed():
    found = thread(**MINE)
    heard = [one.kind for one in found.messages if one.author is None and not one.elsewhere][-1]
    assert reply.first_way(found, make.composer()) == heard
    other = Kind.PRIVATE if heard == Kind.PUBLIC else Kind.PUBLIC
    assert reply.first_way(found, make.composer(draft_kind=other)) == other
    assert reply.first_way(found, make.composer(ways=(Way(heard, "closed"), Way(other)))) == other
    assert reply.first_way(found, make.composer(ways=())) is None


def test_the_network_s_window_is_a_second_deadline():
    day, week = NOW + timedelta(hours=3), NOW + timedelta(days=6, hours=3)
    running = thread({"ways": (Way(Kind.PRIVATE, "", day, week),)}, **MINE)
    words = said(reply.window(running))
    assert "Facebook takes private replies for another 3 h 00 , until" in words
    assert "what a person writes until" in words
    late = thread({"ways": (Way(Kind.PRIVATE, "", NOW - timedelta(hours=1), week),)}, **MINE)
    assert "for another 6 d 3 h , until" in said(reply.window(late))
    assert ", from a person." in said(reply.window(late))
    closed = thread({"ways": (Way(Kind.PRIVATE, "over", day, NOW - timedelta(hours=1)),)}, **MINE)
    assert "takes no private reply since" in said(reply.window(closed))
    assert reply.may_write(closed) is False
    never = thread({"ways": (Way(Kind.PUBLIC, "they have written nothing public here to answer"), Way(Kind.PRIVATE))})
    assert said(reply.window(never)) == "No public reply: they have written nothing public here to answer."
    assert reply.window(make.thread()) == []


def test_what_has_no_end_is_a_dash():
    assert reply.left(None, NOW).children == "–"


@pytest.mark.parametrize(
    ("used", "look", "words"),
    [
        (10, "fine", "270 of 280 characters left"),
        (260, "near", "20 of 280 characters left"),
        (280, "near", "0 of 280 characters left"),
        (281, "over", "1 character too long"),
        (1_300, "over", "1,020 characters too long"),
    ],
)
def test_the_meter_says_how_much_room_is_left(used, look, words):
    (found,) = reply.meter(Measure(used, 280, "characters"), "text")
    assert (found.className, found.children) == (f"meter-{look}", words)


def test_nothing_is_measured_before_something_is_written():
    assert reply.meter(Measure(0, 280, "characters"), " ") == []
    assert reply.meter(None, "text") == []


def test_what_may_not_go_out_is_said_while_it_is_written():
    looked = Looked(Measure(290, 280, "characters"), ("calm down",), ())
    words = said(reply.warnings(looked, "x"))
    assert "It is 10 characters too long for this network." in words
    assert "No reply may hold “calm down” here." in words
    assert reply.warnings(Looked(Measure(1, 280, "characters"), (), ()), "x") == []


def test_every_doubt_is_one_question_with_its_words():
    found = [Finding(Given.PHONE, Span(0, 3), "077"), Finding(Given.PHONE, Span(5, 8), "078")]
    asked = reply.questions(found, ["goes out as another account"])
    assert [one["value"] for one in asked] == ["a telephone number", "goes out as another account"]
    assert asked[0]["label"] == "It holds a telephone number: “077”, “078”"


def test_templates_are_offered_filled_in_and_say_why_they_cannot_be_used():
    offers = [TemplateOffer(1, "Relay", "en", "Dial 18000"), TemplateOffer(2, "Hours", "cy", "{x}", "nothing is known")]
    words = said(reply.choices(offers))
    assert "Dial 18000" in words
    assert "Cannot be used here: nothing is known." in words
    assert "No template yet" in said(reply.choices([]))


def test_the_draft_says_when_it_was_kept():
    assert "Draft kept" in composed({"draft": "We are", "kept": NOW}, **MINE)


STATES = {
    OutgoingState.DRAFT: ("Waits for a second person to approve it.", "Take back"),
    OutgoingState.APPROVED: ("Goes out in", ""),
    OutgoingState.QUEUED: ("Goes out in 7 s .", "Undo Z"),
    OutgoingState.SENDING: ("Being sent to Facebook now.", ""),
    OutgoingState.SENT: ("It stands in the conversation with", ""),
    OutgoingState.REJECTED: ("Not sent: Facebook refused it: too long.", "Edit and send again"),
    OutgoingState.UNKNOWN: ("We do not know whether Facebook took this; looking (too long).", ""),
    OutgoingState.ASKING: (
        "Nobody knows whether Facebook took this: too long. Then say what you saw.",
        "It was sent Send again Give up",
    ),
    OutgoingState.WITHDRAWN: ("Taken back: it was not sent.", ""),
    OutgoingState.RETURNED: ("sent it back: too long", "Edit and send again Give up"),
}


@pytest.mark.parametrize("state", list(OutgoingState))
def test_every_state_says_what_it_is_and_what_to_do(state):
    one = make.outgoing(state=str(state), reason="too long", elsewhere="@hub" if state == OutgoingState.SENT else "")
    words = plain(messages(thread(outgoing=(one,), **MINE)))
    for part in STATES[state]:
        assert part in words
    assert "We are on our way" in words
    nobody = plain(messages(make.thread(outgoing=(one,))))
    for button in ("Undo", "Give up", "It was sent", "Take back"):
        assert button not in nobody


def test_a_colleague_s_reply_is_not_taken_back_but_may_be_approved():
    queued = plain(messages(thread(outgoing=(make.outgoing(mine=False),))))
    assert "Undo" not in queued
    waiting = thread(outgoing=(make.outgoing(state="draft", mine=False),))
    assert "Approve Y" in plain(messages(waiting))
    assert send_back.offered(waiting)
    assert not send_back.offered(replace(waiting, composer=None))
    assert "We are on our way" in drawn(send_back.draw(waiting))
    long = replace(waiting, outgoing=(make.outgoing(state="draft", mine=False, text="word " * 40),))
    assert "…" in drawn(send_back.draw(long))
    assert send_back.draw(thread()) is not None


def test_what_is_tried_again_says_why_and_when():
    one = make.outgoing(attempts=1, reason="X asks for patience", not_before=NOW + timedelta(seconds=40))
    words = plain(messages(thread(outgoing=(one,))))
    assert "Not sent yet: X asks for patience. Tried again in 40 s" in words
    assert "Take back" in words


def test_a_rejected_reply_is_written_again_by_the_holder_only():
    one = make.outgoing(state="rejected", reason="too long")
    assert "Edit and send again" not in plain(messages(thread(outgoing=(one,))))
    silent = make.outgoing(state="needs a person")
    assert "took this: look there. Then say" in plain(messages(thread(outgoing=(silent,))))


def test_a_key_takes_back_the_newest_and_approves_the_oldest():
    queued = [make.outgoing(id=number) for number in (1, 2)]
    waiting = [make.outgoing(id=number, state="draft", mine=False) for number in (3, 4)]
    found = json.loads(drawn(messages(thread(outgoing=(*queued, *waiting)))))
    keys = {
        part["props"]["id"]["id"]: part["props"]["data-key"]
        for part in everything(found)
        if "data-key" in part.get("props", {})
    }
    assert keys == {2: "z", 3: "y"}


def everything(node):
    if isinstance(node, list):
        for one in node:
            yield from everything(one)
    elif isinstance(node, dict):
        yield node
        for one in node.values():
            yield from everything(one)
