import json
from dataclasses import fields, replace
from datetime import timedelta

from layouts import conversation
from layouts.conversation import assign, close, decline, handover, signs, takeover
from models.permissions import Permission
from models.posts import Direction
from models.snapshots import Matched, ThreadEvent
from models.snapshots.claims import Claiming, Offer
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


def claimed(**changes):
    parts = conversation.regions(make.thread(**changes), ALL, "/queue")
    return " ".join(texts(parts[0])), drawn(parts[2])


def test_the_head_says_who_should_answer_and_whose_claim_lapsed():
    assert "Assigned to  Night" in claimed(claiming=Claiming("Night"))[0]
    assert "Assigned to  you" in claimed(claiming=Claiming("R. Hale", to_me=True), holder="C. Rees")[0]
    words, _ = claimed(claiming=Claiming(lapsed="R. Hale", lapsed_at=make.ago(9)))
    assert "The claim of  R. Hale  lapsed at 14:23." in words


def test_a_hand_over_stands_in_the_head_with_its_note_for_whom_it_is():
    facts = {
        "giver": "R. Hale",
        "to": "C. Rees",
        "note": "<b>he has a dog</b>",
        "offered": make.ago(1),
        "lapses": make.NOW,
    }
    words, buttons = claimed(holder="R. Hale", claiming=Claiming(offer=Offer(**facts, mine=False, for_me=True)))
    assert "R. Hale  hands  this over to  you , until 14:32: “ <b>he has a dog</b> ”" in words
    assert '"accept"' in buttons
    assert '"decline"' in buttons
    words, buttons = claimed(
        holder="R. Hale", mine=True, claiming=Claiming(offer=Offer(**facts, mine=True, for_me=False))
    )
    assert "You hand  this over to  C. Rees" in words
    assert '"take-back"' in buttons
    assert '"accept"' not in buttons
    assert '"handover"' not in buttons


def test_what_somebody_else_holds_may_be_taken_over_and_ones_own_handed_over():
    _, theirs = claimed(holder="R. Hale")
    _, mine = claimed(holder="R. Hale", mine=True)
    _, free = claimed()
    assert ['"takeover"' in one for one in (theirs, mine, free)] == [True, False, False]
    assert ['"handover"' in one for one in (theirs, mine, free)] == [False, True, False]
    assert "Shift+C" in theirs


def test_forms_of_claims_offer_people_then_teams():
    people, teams = {7: "C. Rees", 9: "R. Hale"}, {3: "Night"}
    for form in (assign, handover):
        text = drawn(form.draw(make.thread(holder="M. Iqbal"), people, teams))
        assert text.index("user 7") < text.index("user 9") < text.index("team 3")
    assert "M. Iqbal holds it, and is told if it goes elsewhere" in drawn(
        assign.draw(make.thread(holder="M. Iqbal"), people, teams)
    )
    assert "holds it" not in drawn(assign.draw(make.thread(), people, teams))
    assert "once they have gone quiet" in drawn(takeover.draw(make.thread(holder="R. Hale"), frozenset()))
    assert "once they have gone quiet" not in drawn(takeover.draw(make.thread(holder="R. Hale"), ALL))
    assert '"data-form": "decline"' in drawn(decline.draw(make.thread()))
