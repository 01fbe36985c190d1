"""What is seen of replies: those on their way, how one may reply here, what stands in one, and templates filled in."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from data.audit import change
from data.checks import OTHER_ACCOUNT
from data.drafts import keep_draft
from data.outbox import queue_reply, refuse, withdraw
from data.queries.conversation import thread
from data.queries.replies import LATELY, around, look, offers, written
from data.reply_rules import block_word, set_approval
from models.audit import COMMAND
from models.conversation import Message
from models.disclosure import Given
from models.posts import Kind
from models.problems import NotFound, NotPermitted
from models.workspace import Account, CalendarRow
from tests.outbox import ANSWER, Desk
from tests.rows import add_conversation, add_workspace, open_database, scope_of


@pytest.fixture
def desk(database_url):
    database = open_database(database_url)
    yield Desk(database)
    database.close()


def seen(desk, scope=None):
    return thread(desk.database, scope or desk.ann, desk.conversation, desk.clock())


def states(desk):
    return [one.state for one in seen(desk).outgoing]


def put(desk, entity, **facts):
    with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
        c.db.execute(update(entity).where(entity.workspace_id == desk.workspace).values(audit_id=c.audit_id, **facts))
        c.state("test", "message")


def test_a_reply_is_seen_until_it_is_a_message(desk):
    desk.hand_in()
    (one,) = seen(desk).outgoing
    assert (one.text, one.mine, one.author, one.elsewhere) == (ANSWER, True, "Ann", "")
    desk.clock.pass_by(seconds=10)
    assert desk.send() == "sent"
    assert states(desk) == []
    assert seen(desk).messages[-1].text == ANSWER


def test_what_was_taken_back_is_seen_for_a_day(desk):
    withdraw(desk.database, desk.ann, desk.hand_in(), desk.clock())
    assert states(desk) == ["withdrawn"]
    desk.clock.pass_by(seconds=LATELY.total_seconds() + 1)
    assert states(desk) == []


def test_a_colleague_sees_whose_it_is_and_who_sent_it_back(desk):
    key = desk.hand_in(needs_approval=True)
    bob = desk.colleague("bob")
    refuse(desk.database, bob, key, "say when", desk.clock())
    (one,) = seen(desk, bob).outgoing
    assert (one.mine, one.author, one.approver, one.reason) == (False, "Ann", "Bob", "say when")


def test_what_went_out_as_another_account_is_seen_where_it_was_written(desk):
    add_conversation(desk.database, desk.workspace)
    other = seen(desk).composer.accounts[1]
    desk.hand_in(account_id=other[0], confirmed=[OTHER_ACCOUNT])
    desk.clock.pass_by(seconds=10)
    assert desk.send() == "sent"
    (one,) = seen(desk).outgoing
    assert (one.state, one.elsewhere) == ("sent", other[1])


def test_the_composer_knows_who_may_reply_how_and_as_whom(desk):
    assert seen(desk, desk.colleague("eve", "Auditor")).composer is None
    own = seen(desk).composer
    assert ([way.kind for way in own.ways], own.accounts[0][0]) == ([Kind.PUBLIC, Kind.PRIVATE], own.account_id)
    assert all(way.why == "" and way.last is None for way in own.ways)
    assert not own.approval
    set_approval(desk.database, desk.workspace, "standard", True, desk.clock(), COMMAND)
    assert seen(desk).composer.approval


def test_everybody_finds_their_own_draft(desk):
    keep_draft(desk.database, desk.ann, desk.conversation, "We are", Kind.PRIVATE, desk.clock())
    own = seen(desk).composer
    assert (own.draft, own.draft_kind, own.kept) == ("We are", Kind.PRIVATE, desk.clock())
    assert seen(desk, desk.colleague("bob")).composer.draft == ""


def test_a_window_says_when_it_runs_out_and_when_it_is_over(desk):
    put(desk, Account, channel="facebook")
    public, private = seen(desk).composer.ways
    assert (public.why, private.why) == ("", "they have written nothing private here to answer")
    put(desk, Message, kind="private")
    public, private = seen(desk).composer.ways
    assert public.why == "they have written nothing public here to answer"
    assert private.last - private.usual == timedelta(days=6)
    desk.clock.pass_by(days=7)
    assert seen(desk).composer.ways[1].why == "the network takes no such reply any more"


def test_a_network_that_nobody_knows_takes_no_replies(desk):
    put(desk, Account, channel="carrier pigeon")
    assert seen(desk).composer.ways == ()
    assert look(desk.database, desk.ann, desk.conversation, "Coo", Kind.PUBLIC).measure is None


def test_a_text_is_looked_at_as_it_will_be_when_it_is_sent(desk):
    block_word(desk.database, desk.workspace, "numpty", desk.clock(), COMMAND)
    found = look(desk.database, desk.ann, desk.conversation, "Numpty, ring 07700 900123", Kind.PUBLIC)
    assert (found.measure.used, found.words, [one.given for one in found.found]) == (25, ("numpty",), [Given.PHONE])


def test_templates_come_filled_in_and_say_what_is_missing(desk):
    found = {one.name: one for one in offers(desk.database, desk.ann, desk.conversation, desk.clock())}
    assert found["Emergency: call 999"].text.startswith("Thank you for your message, Neighbour.")
    assert "Monday to Friday 09:00 to 17:00" in found["Out of hours"].text
    with change(desk.database, desk.workspace, COMMAND, desk.clock()) as c:
        c.db.execute(delete(CalendarRow).where(CalendarRow.workspace_id == desk.workspace))
        put_event = c.db.get_one(Account, desk.account.id)
        put_event.purpose = "moved"
        c.state("test", "account")
    found = {one.name: one for one in offers(desk.database, desk.ann, desk.conversation, desk.clock())}
    assert found["Out of hours"].why == "nothing is known here for {opening hours}"


def test_nothing_of_another_workspace_is_seen_and_nothing_without_the_right(desk):
    key = desk.hand_in()
    south = scope_of(add_workspace(desk.database, "south"), desk.ann.user_id)
    eve = desk.colleague("eve", "Auditor")
    asks = (
        lambda who: look(desk.database, who, desk.conversation, "Hello", Kind.PUBLIC),
        lambda who: offers(desk.database, who, desk.conversation, desk.clock()),
        lambda who: written(desk.database, who, key),
    )
    for ask in asks:
        with pytest.raises(NotFound):
            ask(south)
        with pytest.raises(NotPermitted):
            ask(eve)
    assert written(desk.database, desk.ann, key).text == ANSWER


def test_replies_of_one_conversation_are_not_seen_in_another(desk):
    desk.hand_in()
    other = add_conversation(desk.database, desk.workspace)
    assert thread(desk.database, desk.ann, other, desk.clock()).outgoing == ()
    with pytest.raises(NotFound):
        queue_reply(desk.database, desk.ann, 999_999, ANSWER, Kind.PUBLIC, desk.clock())


def test_what_a_composer_stands_in_is_told_without_its_thread(desk):
    found = around(desk.database, desk.ann, desk.conversation, desk.clock())
    whole = seen(desk)
    for name in ("workspace", "as_at", "channel", "holder", "mine", "composer"):
        assert getattr(found, name) == getattr(whole, name)
    assert around(desk.database, desk.colleague("eve", "Auditor"), desk.conversation, desk.clock()).composer is None
    with pytest.raises(NotFound):
        around(desk.database, desk.ann, 999_999, desk.clock())
