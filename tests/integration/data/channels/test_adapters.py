"""Published sets read in our columns, on small invented files of the same shape."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.channels import connect
from data.channels.adapters import companies, recognise
from data.channels.snowflake import id_at, time_of
from models.posts import Direction, Kind
from tests.integration.data.channels.conftest import Reader
from tests.x_server import x_id

NINE = datetime(2025, 3, 3, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def read(tmp_path, clock):
    def posts_of(content, handle="northshire", **settings):
        path = tmp_path / "set"
        path.write_text(content)
        given = {"path": str(path), "as_recorded": "yes", **settings}
        polling = Reader(connect("replay", handle=handle, settings=given, credentials={}, clock=clock), clock)
        return polling, polling.poll()

    return posts_of


def test_ids_alone_are_listening_with_the_time_of_the_id_and_twice_where_they_stand_twice(read):
    row = f'"Mon Mar 03 08:00:00 +0000 2025","{x_id(NINE)}",Y\n'
    polling, posts = read("Timestamp, Tweet-ID, Included(Y/N)\n" + row + row + '"Mon","not an id",N\n')
    assert [(post.sent, post.kind, post.text, post.contact) for post in posts] == [(NINE, Kind.LISTENING, "", None)] * 2
    assert len({post.network_id for post in posts}) == 1
    assert [odd.reason for odd in polling.unreadable] == ["its id carries no time"]


def test_labelled_posts_keep_their_text_without_the_escapes_of_x(read):
    head = "Tweet ID, Tweet Text, Information Source, Information Type, Informativeness\n"
    _, [post] = read(head + f'"{x_id(NINE)}","wind &amp; rain, &lt;here&gt; &amp;lt;",Media,Advice,Related\n')
    assert (post.text, post.kind, post.sent) == ("wind & rain, <here> &lt;", Kind.LISTENING, NINE)


def test_messages_to_responders_are_private_and_collected_news_is_listening(read):
    polling, posts = read(
        "id,split,message,original,genre\n8,v,help us,edenos,direct\n9,v,news,,news\nten,v,odd,,direct\n"
    )
    assert [(post.network_id, post.kind) for post in posts] == [("8", Kind.PRIVATE), ("9", Kind.LISTENING)]
    assert posts[0].sent == datetime(2010, 1, 1, 0, 8, tzinfo=UTC)
    assert [odd.reason for odd in polling.unreadable] == ["id is not a number"]


def dialogue(company, said, answer, at=6):
    return {
        "dialogHeader": {"company": company, "duration": "00:00:01.0", "sessionID": "s"},
        "dialogContent": [
            {role: who, "datetime": "2025-03-03T09:00:00.000Z", "message": text, "tweet_ID": x_id(NINE + n * MINUTE)}
            for n, (role, who, text) in enumerate(said)
        ],
        "agentURL": {"tweet_ID": x_id(NINE + at * MINUTE), "url_utterance": answer},
    }


def test_a_dialogue_is_read_for_the_company_whose_account_it_is(read):
    mine = dialogue("OurHelp", [("client", "Ann", "it broke"), ("agent", "OurHelp", "@Ann how?")], "@Ann read this")
    other = dialogue("TheirHelp", [("client", "Bob", "hello")], "@Bob hello")
    _, posts = read(json.dumps([mine, other]), handle="@ourhelp")
    assert [(post.direction, post.contact.handle, post.sent) for post in posts] == [
        (Direction.IN, "Ann", NINE),
        (Direction.OUT, "Ann", NINE + MINUTE),
        (Direction.OUT, "Ann", NINE + 6 * MINUTE),
    ]
    assert posts[2].parent_id == posts[1].network_id
    assert posts[2].text == "@Ann read this"


def test_a_second_person_in_a_dialogue_is_a_contact_of_their_own_and_gets_the_answer_that_names_them(read):
    said = [("client", "Ann", "it broke"), ("client1", "Bob", "mine too")]
    _, posts = read(json.dumps([dialogue("OurHelp", said, "hello @bob")]), company="OurHelp")
    assert [post.contact.network_id for post in posts] == ["ann", "bob", "bob"]


def test_an_answer_that_names_nobody_goes_to_who_spoke_last(read):
    said = [("client", "Ann", "it broke"), ("client1", "Bob", "mine too")]
    _, posts = read(json.dumps([dialogue("OurHelp", said, "try again")]), company="OurHelp")
    assert posts[2].contact.network_id == "bob"


def test_dialogues_that_cannot_be_read_cost_only_themselves(read):
    good = dialogue("OurHelp", [("client", "Ann", "it broke")], "@Ann hello")
    nobody = dialogue("OurHelp", [("client", "", "it broke")], "hello")
    polling, posts = read(
        json.dumps(
            [good, {"dialogHeader": 1, "dialogContent": 2, "agentURL": 3}, nobody, {**good, "dialogContent": [1]}]
        ),
        company="OurHelp",
    )
    assert len(posts) == 2
    assert [odd.reason for odd in polling.unreadable] == [
        "the dialogue lacks its header, its content or its answer",
        "the dialogue holds a message that nobody said",
        "the dialogue holds something that is not a message",
    ]


def test_the_companies_of_a_file_are_listed(tmp_path):
    path = tmp_path / "set"
    path.write_text(json.dumps([dialogue("b", [], ""), dialogue("A", [], ""), dialogue("b", [], ""), {}]))
    assert companies(path) == ("A", "b")
    path.write_text("sent,text\n")
    assert companies(path) == ()


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("sent,text\n", "csv"),
        ('[{"sent": 1}]', "json"),
        ('{"sent": 1}', "jsonl"),
        ("", "csv"),
        ("Timestamp, Tweet-ID, Included(Y/N)\n", "crisislex_ids"),
        ("id,split,message,original,genre\n", "disaster_response"),
    ],
)
def test_a_layout_is_recognised_by_its_shape(tmp_path, head, name):
    path = tmp_path / "set"
    path.write_text(head)
    assert recognise(path).name == name


def test_an_id_carries_its_time():
    assert time_of(str(id_at(NINE))) == NINE
    published = time_of("1346889436626259968")  # the example of X's own contract, with its time
    assert published.replace(microsecond=0) == datetime(2021, 1, 6, 18, 40, 40, tzinfo=UTC)
    assert id_at(datetime(1999, 1, 1, tzinfo=UTC)) == 0
    for word in ("", "abc", "-5", "٣", "1" * 20):
        with pytest.raises(ValueError, match="no time"):
            time_of(word)
