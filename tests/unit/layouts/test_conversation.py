import json
from dataclasses import fields, replace
from datetime import timedelta

from layouts import conversation
from layouts.conversation import close, signs
from models.permissions import Permission
from models.posts import Direction
from models.snapshots import Matched, ThreadEvent
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

ALL = frozenset(Permission)


def said(**changes):
    return " ".join(texts(conversation.page(make.thread(**changes), ALL)))


def buttons(thread, permissions=ALL):
    found = json.loads(drawn(conversation.page(thread, permissions)))
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
    assert buttons(make.thread(), ALL - {Permission.CLAIM}) == []


def test_whoever_holds_it_is_named_with_since_when():
    assert "C. Rees  is answering , since  14:27" in said(holder="C. Rees", held_since=make.ago(5))
    assert "You are answering" in said(holder="R. Hale", mine=True)
    assert "Nobody is answering." in said()


def test_matched_words_are_marked_and_the_rule_is_named():
    text = drawn(conversation.page(make.thread(), frozenset()))
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
    words = " ".join(texts(conversation.regions(make.thread(), ALL, back="/queue?workspace=northshire")))
    assert "Back to the list" in words
    assert "Open as a page" in words


def test_every_part_of_a_thread_is_in_the_sign_of_the_region_that_shows_it():
    """A part that no sign knows would change and not be drawn again."""
    thread = make.thread()
    other = {
        "workspace": replace(thread.workspace, name="Elsewhere"),
        "grade": make.EMERGENCY,
        "outgoing": (make.outgoing(),),
    }
    looks = (signs.of_head(thread, ALL, ""), signs.of_thread(thread))
    for one in fields(thread):
        if one.name in signs.MOVING:
            continue
        changed = replace(thread, **{one.name: other.get(one.name, "otherwise")})
        assert (signs.of_head(changed, ALL, ""), signs.of_thread(changed)) != looks, one.name


def test_time_alone_changes_no_sign_but_the_staffed_wait_does_by_the_minute():
    thread = make.thread()
    later = replace(thread, as_at=thread.as_at + timedelta(seconds=20), revision=9)
    assert signs.of_head(later, ALL, "") == signs.of_head(thread, ALL, "")
    assert signs.of_thread(later) == signs.of_thread(thread)
    waited = replace(later, staffed=thread.staffed + timedelta(minutes=1))
    assert signs.of_head(waited, ALL, "") != signs.of_head(thread, ALL, "")


def test_without_a_conversation_the_regions_stand_ready():
    head, *rest = conversation.regions(None, ALL, "/queue")
    assert "Choose a conversation to read it here." in texts(head)
    assert not any(one.children for one in rest)


def test_a_form_says_whose_it_is_and_is_left_by_cancel():
    found = close.draw(make.thread(), ((3, "answered"), (4, "<b>spam</b>")))
    words = " ".join(texts(found))
    assert "Close:  Priya Nair" in words
    assert "Cancel" in words
    text = drawn(found)
    assert '"data-conversation": "7"' in text
    assert '"value": "4"' in text
    assert '"data-cancel": "true"' in text


def test_what_is_closed_cannot_be_closed():
    assert "close" in drawn(conversation.regions(make.thread(), ALL)[2])
    assert "close" not in drawn(conversation.regions(make.thread(state="closed"), ALL)[2])
    assert "close" not in drawn(conversation.regions(make.thread(), ALL - {Permission.CLOSE})[2])
