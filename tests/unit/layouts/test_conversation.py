import json

from layouts import conversation
from models.posts import Direction
from models.snapshots import Matched, ThreadEvent
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts


def said(**changes):
    return " ".join(texts(conversation.page(make.thread(**changes), may_claim=True)))


def buttons(thread, may_claim=True):
    found = json.loads(drawn(conversation.page(thread, may_claim)))
    text = json.dumps(found)
    return [kind for kind in ("claim", "release") if f'"type": "{kind}"' in text]


def test_a_waiting_conversation_says_both_waits_and_how_late_it_is():
    words = said()
    for part in (
        "Priya Nair",
        "17 min over",
        "47 min",
        "staffed 47 min",
        "3rd time in touch",
        "About: Domestic abuse.",
    ):
        assert part in words


def test_a_conversation_without_an_open_turn_says_so():
    assert "Nobody waits for an answer." in said(since=None, due=None, staffed=None, state="closed")


def test_who_may_claim_gets_one_button_that_fits():
    assert buttons(make.thread()) == ["claim"]
    assert buttons(make.thread(holder="R. Hale", mine=True)) == ["release"]
    assert buttons(make.thread(holder="C. Rees")) == []
    assert buttons(make.thread(), may_claim=False) == []


def test_whoever_holds_it_is_named_with_since_when():
    assert "C. Rees  is answering , since  14:27" in said(holder="C. Rees", held_since=make.ago(5))
    assert "You are answering" in said(holder="R. Hale", mine=True)
    assert "Nobody is answering." in said()


def test_matched_words_are_marked_and_the_rule_is_named():
    text = drawn(conversation.page(make.thread(), may_claim=False))
    assert text.count('"type": "Mark"') == 2
    assert "Matched: Domestic words (“shouting”, “things breaking”)." in said()


def test_edits_and_deletions_are_shown():
    words = said()
    assert "1 earlier version" in words
    assert "He has gone quite now" in words
    assert "Deleted by its author, 14:14." in words


def test_messages_and_events_stand_in_the_order_of_time():
    words = said()
    order = [
        "an officer is on the way",
        "gave it back",
        "My neighbour",
        "graded Priority",
        "He has gone quiet",
        "Deleted",
    ]
    places = [words.index(part) for part in order]
    assert places == sorted(places)


def test_older_messages_that_are_not_shown_are_counted():
    assert "12 older messages not shown here." in said()
    assert "not shown here" not in said(more=0)


def test_a_reply_says_who_wrote_it():
    ours = {"direction": Direction.OUT, "matched": ()}
    found = (
        make.message(id=1, author="M. Iqbal", **ours),
        make.message(id=2, elsewhere=True, **ours),
        make.message(id=3, automatic=True, **ours),
    )
    words = said(messages=found)
    for part in ("M. Iqbal, 13:45", "answered outside Watchroom, 13:45", "automatic reply, 13:45"):
        assert part in words


def test_an_empty_thread_says_so():
    assert "No message here yet." in said(messages=(), events=(), more=0)


def test_hostile_events_and_rules_stay_words():
    event = ThreadEvent(make.NOW, "{who.__class__}", "<b>x</b>")
    rule = Matched("<i>rule</i>", ("w",), ())
    words = said(events=(event,), messages=(make.message(matched=(rule,)),))
    assert "<b>x</b>: who.__class__." in words
    assert "<i>rule</i>" in words


def test_beside_the_queue_there_is_a_way_back_and_a_page_of_its_own():
    words = " ".join(texts(conversation.body(make.thread(), True, back="/queue?workspace=northshire", alone=False)))
    assert "Back to the list" in words
    assert "Open as a page" in words
