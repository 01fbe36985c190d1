"""What the panel says of states and assessments, and the forms that change them."""

from datetime import timedelta

from layouts import conversation
from layouts.conversation import assess, close, partner, snooze, topic
from models.permissions import Permission
from models.snapshots.stands import Stands
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

ALL = frozenset(Permission)
WAITS = make.ago(47)


def head_of(state="open", since=WAITS, **stands):
    thread = make.thread(state=state, since=since, due=since and make.ago(17), stands=Stands(**stands))
    return " ".join(texts(conversation.regions(thread, ALL)[0]))


def test_the_head_says_whether_it_was_assessed_by_whom_and_whether_to_do_so_again():
    assert "Nobody has assessed it yet." in head_of()
    assert "assessed" not in head_of(unassessed=False)
    told = head_of(assessed=make.ago(5), by="C. Rees", unassessed=False, answers=(("threat", "A <b>bat</b>"),))
    assert "Assessed by  C. Rees , 14:27." in told
    assert "Threat A <b>bat</b>" in told
    assert "The contact has written since." in head_of(assessed=make.ago(5), by="C. Rees", again=make.ago(2))


def asking(again):
    thread = make.thread(stands=Stands(assessed=make.ago(60), by="C. Rees", again=again))
    [asks] = [
        one for one in conversation.regions(thread, ALL)[0]._traverse() if "asks" in str(getattr(one, "className", ""))
    ]
    return asks.hidden


def test_it_asks_to_assess_again_from_its_time_on():
    assert not asking(make.ago(1))
    assert asking(make.NOW + timedelta(minutes=1))
    assert asking(None)


def test_what_is_put_away_says_with_whom_or_until_when():
    assert "With a partner :  Highways ." in head_of("with a partner", partner="Highways")
    assert "Snoozed  until 16:00 ." in head_of("snoozed", snoozed_until=make.NOW.replace(hour=15, minute=0))
    assert "with a partner :  Highways . Nobody waits" in head_of("with a partner", None, partner="Highways")
    assert "Snoozed" not in head_of("closed", None)


def test_a_closed_conversation_says_nothing_of_an_assessment_that_never_was():
    assert "assessed" not in head_of("closed", None)
    assert "Assessed by" in head_of("closed", None, assessed=make.ago(5), by="C. Rees")


def offered(**changes):
    text = drawn(conversation.regions(make.thread(**changes), ALL)[2])
    return {name for name in ("assess", "close", "snooze", "partner", "topic", "resume") if f'": "{name}"' in text}


def test_each_state_offers_what_can_be_done_in_it():
    assert offered() == {"assess", "close", "snooze", "partner", "topic"}
    assert offered(state="snoozed") == {"assess", "close", "partner", "topic", "resume"}
    assert offered(state="with a partner") == {"assess", "close", "snooze", "topic", "resume"}
    assert offered(state="closed", since=None, due=None) == {"topic"}
    assert "snooze" not in offered(grade=make.EMERGENCY)
    assert "snooze" in offered(grade=make.EMERGENCY, stands=Stands(from_rank=1))


def test_the_form_of_an_assessment_goes_on_from_the_last_one():
    text = drawn(
        assess.draw(make.thread(stands=Stands(answers=(("harm", "A cut hand"),))), (("priority", "Priority"),))
    )
    assert '"value": "priority"' in text
    assert '"value": "A cut hand"' in text
    assert text.count('"maxlength": 300') == 6


def test_a_reason_is_asked_of_the_two_most_urgent_grades():
    assert "needed for this grade" in " ".join(texts(close.draw(make.thread(), ())))
    assert "needed" not in " ".join(texts(close.draw(make.thread(grade=make.STANDARD), ())))


def test_the_topic_it_has_is_chosen():
    text = drawn(topic.draw(make.thread(stands=Stands(topic=4)), ((3, "Noise"), (4, "Drones"))))
    assert '"value": "4"' in text
    assert '"value": "none"' in drawn(topic.draw(make.thread(), ((3, "Noise"),)))


def test_a_snooze_is_chosen_from_a_list_or_to_the_minute():
    text = drawn(snooze.draw(make.thread()))
    assert '"type": "date"' in text
    assert "tomorrow, 08:00" in text


def test_a_partner_is_a_service():
    assert "a service, such as Highways" in " ".join(texts(partner.draw(make.thread())))


def test_the_newest_message_of_the_contact_is_named_for_whoever_assesses():
    assert conversation.newest(make.thread()) == "4"
    assert conversation.newest(None) == ""
