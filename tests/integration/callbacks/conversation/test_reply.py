"""Writing a reply through its callbacks: measured and kept while typing, handed in, taken back, approved, decided."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from data.audit import change
from data.desk import claim
from data.lockdowns import begin_lockdown, end_lockdown
from data.outbox import queue_reply
from data.reply_rules import block_word, set_approval
from models.audit import COMMAND
from models.conversation import Conversation
from models.drafts import Draft
from models.outbox import Outgoing
from models.posts import Kind
from models.workspace import Account
from tests.integration.callbacks.test_routing import drawn
from tests.panel import callback, open_form, run, submit
from tests.rows import NOW, add_conversation, add_member, scope_of
from tests.visits import Visitor

ANSWER = "We are on our way"
PARTS = ("send", "why", "window", "held")


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north, text="Is anybody there?")


@pytest.fixture
def desk(database, north, ann, conversation):
    claim(database, scope_of(north, 1), conversation, NOW)
    return ann.open(f"/conversation/{conversation}?workspace=north")


def field(key):
    return {"type": "composer-text", "id": key}


def act(visitor, output, trigger, key, text="", presses=(), **values):
    """Run a callback of the composer with these words in it."""
    buttons = [(field(key), text), *presses]
    known = {"composer-kind.value": "public", "composer-confirm.options": [], "composer-confirm.value": []}
    return run(visitor, callback(visitor, output, trigger), trigger, {**known, **values, "buttons": buttons})


def look(visitor, key, text, keep=False, **values):
    typed = {"composer-typed.data": {"number": 3, "keep": keep}}
    return act(visitor, "composer-meter", "composer-typed", key, text, **typed, **values).json["response"]


def send(visitor, key, text, clicks=1, **values):
    button = {"type": "composer-send", "id": key}
    name = json.dumps(button, sort_keys=True, separators=(",", ":"))
    known = {"composer-kind.value": "public", "composer-confirm.value": [], "composer-replaces.data": None} | values
    known["buttons"] = [(field(key), text), (button, clicks)]
    entry = callback(visitor, "composer-replaces", "composer-send")
    return run(visitor, entry, f"{name}.n_clicks", known)


def press(visitor, name, reply, key, text="", clicks=1):
    button = {"type": "reply-act", "act": name, "id": reply}
    known = {"buttons": [(button, clicks), (field(key), text)]}
    spelled = json.dumps(button, sort_keys=True, separators=(",", ":"))
    return run(visitor, callback(visitor, "composer-typed.data", "reply-act"), f"{spelled}.n_clicks", known)


def notice(answer):
    return (answer.json.get("sideUpdate") or answer.json["response"])["notice"]["children"]


def one(database, entity):
    with database.read() as db:
        return db.scalars(select(entity)).one_or_none()


def put(database, north, **facts):
    with change(database, north, COMMAND, NOW) as c:
        c.db.execute(update(Outgoing).values(audit_id=c.audit_id, **facts))
        c.state("test", "outgoing")


def test_the_meter_counts_as_the_network_does_and_the_draft_is_kept_after_a_pause(database, desk, conversation):
    found = look(desk, conversation, ANSWER)
    assert "263 of 280 characters left" in json.dumps(found["composer-meter"])
    assert "composer-kept" not in found
    assert one(database, Draft) is None
    found = look(desk, conversation, ANSWER, keep=True)
    assert found["composer-kept"] == {"children": "Draft kept 14:30", "data-number": 3}
    assert one(database, Draft).text == ANSWER
    assert look(desk, conversation, " ", keep=True)["composer-kept"]["children"] == ""
    assert one(database, Draft) is None


def test_what_gives_pause_is_asked_and_a_confirmation_holds_for_the_same_words_only(
    database, north, desk, conversation
):
    block_word(database, north, "calm down", NOW, COMMAND)
    found = look(desk, conversation, "Calm down, ring 07700 900123")
    assert "No reply may hold" in json.dumps(found["composer-warnings"], ensure_ascii=False)
    (asked,) = found["composer-confirm"]["options"]
    assert (asked["value"], found["composer-asked"]["hidden"]) == ("a telephone number", False)
    yes = {"composer-confirm.options": [asked], "composer-confirm.value": [asked["value"]]}
    assert look(desk, conversation, "Ring 07700 900123", **yes)["composer-confirm"]["value"] == [asked["value"]]
    assert look(desk, conversation, "Ring 07700 900124", **yes)["composer-confirm"]["value"] == []


def test_another_account_is_asked_about(database, north, desk, conversation):
    with change(database, north, COMMAND, NOW) as c:
        c.db.add(
            Account(
                workspace_id=north, audit_id=c.audit_id, channel="x", connector="replay", handle="@hub", created=NOW
            )
        )
        c.state("test", "account")
    with database.read() as db:
        home, other = db.scalars(select(Account.id).order_by(Account.id)).all()
    assert (
        look(desk, conversation, ANSWER, **{"composer-account.value": str(home)})["composer-confirm"]["options"] == []
    )
    (asked,) = look(desk, conversation, ANSWER, **{"composer-account.value": str(other)})["composer-confirm"]["options"]
    assert asked["label"] == "It goes out as another account than the one they wrote to"
    values = {"composer-account.value": str(other), "composer-confirm.value": [asked["value"]]}
    assert "10 seconds" in notice(send(desk, conversation, ANSWER, **values))
    assert one(database, Outgoing).account_id == other


def test_a_reply_is_handed_in_and_taken_back_into_the_composer(database, desk, conversation):
    look(desk, conversation, ANSWER, keep=True)
    sent = send(desk, conversation, ANSWER)
    assert notice(sent) == "It goes out in 10 seconds. Z takes it back."
    assert sent.json["response"][json.dumps(field(conversation), sort_keys=True, separators=(",", ":"))]["value"] == ""
    reply = one(database, Outgoing)
    assert (reply.state, reply.text, one(database, Draft)) == ("queued", ANSWER, None)
    drawn = desk.get(f"/conversation/{conversation}?workspace=north").status_code
    assert drawn == 200
    back = press(desk, "withdraw", reply.id, conversation, "P.S.")
    assert notice(back) == "Taken back. Nothing was sent."
    text = back.json["response"][json.dumps(field(conversation), sort_keys=True, separators=(",", ":"))]["value"]
    assert text == f"{ANSWER}\n\nP.S."
    assert one(database, Outgoing).state == "withdrawn"


def test_a_doubt_that_nobody_confirmed_sends_nothing_and_keeps_the_words(database, desk, conversation):
    refused = send(desk, conversation, "Ring 07700 900123")
    assert "Look again before this goes out: a telephone number." in notice(refused)
    assert "composer-text" not in refused.text
    assert one(database, Outgoing) is None


@pytest.mark.parametrize("clicks", [None, 0])
def test_a_button_that_was_only_drawn_sends_nothing(database, desk, conversation, clicks):
    assert send(desk, conversation, ANSWER, clicks=clicks).status_code == 204
    assert one(database, Outgoing) is None


@pytest.mark.parametrize("kind", [None, "listening", "nonsense", 7])
def test_what_is_no_way_to_reply_sends_nothing(database, desk, conversation, kind):
    assert send(desk, conversation, ANSWER, **{"composer-kind.value": kind}).status_code == 204
    assert one(database, Outgoing) is None


def test_only_the_holder_sends(database, north, server, desk, conversation):
    add_member(database, north, "bob", "Operator")
    bob = Visitor(server)
    bob.sign_in("bob")
    bob.open(f"/conversation/{conversation}?workspace=north")
    assert "Somebody else is answering" in notice(send(bob, conversation, ANSWER))
    assert one(database, Outgoing) is None


@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_only_who_may_reply_does(database, north, server, conversation, role):
    add_member(database, north, "eve", role)
    eve = Visitor(server)
    eve.sign_in("eve")
    eve.open("/wallboard/main?workspace=north")
    assert send(eve, conversation, ANSWER).status_code == 403
    assert press(eve, "withdraw", 1, conversation).status_code == 403


def test_news_changes_what_stands_around_the_words_and_never_the_words(database, north, desk, conversation):
    entry = callback(desk, "composer-why", "live-queue")
    known = {"live-queue.data": {"revision": 9}, "buttons": [(field(conversation), "half a sen")]}
    known["buttons"] += [({"type": f"composer-{name}", "id": conversation}, None) for name in PARTS]
    answer = run(desk, entry, "live-queue.data", known)
    assert "value" not in json.dumps(answer.json["response"])
    assert '"readonly": false' in json.dumps(answer.json["response"])
    assert run(desk, entry, "live-queue.data", {"live-queue.data": {}, "buttons": []}).status_code == 204


def test_a_lockdown_is_said_beside_send_while_it_holds_the_account(database, north, desk, conversation, clock):
    entry = callback(desk, "composer-why", "live-queue")
    known = {"live-queue.data": {"revision": 9}, "buttons": [(field(conversation), "")]}
    known["buttons"] += [({"type": f"composer-{name}", "id": conversation}, None) for name in PARTS]

    def around():
        return run(desk, entry, "live-queue.data", known).text

    assert "LOCKDOWN" not in around()
    leaders = [scope_of(north, add_member(database, north, name, "Administrator"), "Administrator") for name in "xy"]
    with database.read() as db:
        account = db.scalars(select(Account.id)).first()
    keys = begin_lockdown(database, leaders[0], [account], timedelta(hours=1), "fire drill", NOW)
    assert "LOCKDOWN" in around()
    assert "LOCKDOWN" in drawn(desk, f"/conversation/{conversation}")
    assert "A lockdown holds it back" in send(desk, conversation, ANSWER).text
    end_lockdown(database, leaders[1], keys[0], NOW)
    assert "LOCKDOWN" not in around()
    begin_lockdown(database, leaders[0], None, timedelta(minutes=30), "fire drill", NOW)
    assert "LOCKDOWN" in around()
    clock.on(timedelta(minutes=31))
    assert "LOCKDOWN" not in drawn(desk, f"/conversation/{conversation}")


def test_templates_are_offered_filled_in(desk, conversation):
    entry = callback(desk, "composer-templates", "composer-templates-open")
    known = {"composer-templates-open.n_clicks": 1, "buttons": [(field(conversation), "")]}
    answer = run(desk, entry, "composer-templates-open.n_clicks", known)
    assert "Thank you for your message, Neighbour." in answer.text
    drawn = run(desk, entry, "composer-templates-open.n_clicks", known | {"composer-templates-open.n_clicks": None})
    assert drawn.status_code == 204


def test_a_second_person_approves_or_sends_back_and_the_author_writes_it_again(
    database, north, server, desk, conversation
):
    set_approval(database, north, "standard", True, NOW, COMMAND)
    assert notice(send(desk, conversation, ANSWER)) == "A second person has to approve it."
    reply = one(database, Outgoing)
    assert "Somebody else has to approve" in notice(press(desk, "approve", reply.id, conversation))
    add_member(database, north, "bob", "Operator")
    bob = Visitor(server)
    bob.sign_in("bob")
    bob.open(f"/conversation/{conversation}?workspace=north")
    assert ANSWER in open_form(bob, "send-back", conversation).text
    done = submit(bob, "send-back", conversation, reply=str(reply.id), reason="say when")
    assert notice(done) == "Sent back: its author sees why."
    edit = press(desk, "edit", reply.id, conversation).json["response"]
    assert edit["composer-replaces"]["data"] == reply.id
    send(desk, conversation, f"{ANSWER}, ten minutes", **{"composer-replaces.data": reply.id})
    with database.read() as db:
        first, second = db.scalars(select(Outgoing).order_by(Outgoing.id)).all()
    assert (first.state, second.state) == ("withdrawn", "draft")
    assert notice(press(bob, "approve", second.id, conversation)) == "Approved. It goes out in 10 seconds."


@pytest.mark.parametrize(("name", "state"), [("sent", "sent"), ("again", "queued"), ("give-up", "withdrawn")])
def test_a_reply_that_needs_a_person_is_decided(database, north, desk, conversation, name, state):
    queue_reply(database, scope_of(north, 1), conversation, ANSWER, Kind.PUBLIC, NOW)
    put(database, north, state="needs a person", attempts=1, attempt_id="a1", attempted=NOW, ended=NOW, not_before=None)
    answer = press(desk, name, one(database, Outgoing).id, conversation)
    assert notice(answer)
    assert one(database, Outgoing).state == state
    with database.read() as db:
        assert (db.scalar(select(Conversation.since)) is None) == (name == "sent")


def test_what_is_done_to_another_conversation_s_reply_leaves_these_words_alone(database, north, desk, conversation):
    queue_reply(database, scope_of(north, 1), conversation, ANSWER, Kind.PUBLIC, NOW)
    elsewhere = add_conversation(database, north)
    answer = press(desk, "withdraw", one(database, Outgoing).id, elsewhere, "mine")
    assert "composer-kind" not in answer.json["response"]


def test_what_no_button_does_is_not_found(database, north, desk, conversation):
    queue_reply(database, scope_of(north, 1), conversation, ANSWER, Kind.PUBLIC, NOW)
    assert "no such thing" in notice(press(desk, "explode", one(database, Outgoing).id, conversation))
    assert "no such thing" in notice(press(desk, "edit", 999_999, conversation))
