import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from dash import dcc

from layouts import links, queue
from models.permissions import Permission
from models.posts import Kind
from models.queue_order import Left, PlacedRow
from models.snapshots import QueueFilters
from tests import factories as make


def drawn(component):
    return json.dumps(component, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def hrefs(component):
    return [one.href for one in component._traverse() if isinstance(one, dcc.Link)]


def texts(component):
    """Every string that stands in a tree."""
    if isinstance(component, str):
        return [component]
    if isinstance(component, list | tuple):
        return [text for one in component for text in texts(one)]
    return texts(getattr(component, "children", None) or [])


def test_a_row_says_grade_account_contact_age_due_and_holder():
    found = queue.row(make.queue_row(), make.queue())
    said = texts(found)
    for words in (
        "Priority",
        "Northshire Police",
        "Priya Nair",
        "47 min",
        "17 min over",
        "nobody",
        "repeat 3",
        "private",
    ):
        assert words in said


def test_a_row_goes_on_counting_by_itself():
    text = drawn(queue.row(make.queue_row(), make.queue()))
    assert f'"data-since": "{make.ago(47).isoformat()}"' in text
    assert f'"data-due": "{make.ago(17).isoformat()}"' in text
    assert '"data-over": "true"' in text


def test_opening_a_row_keeps_the_filters_in_the_address():
    filters = QueueFilters(view="mine", channel="x", account=3, grade="priority", page=2)
    [href] = hrefs(queue.row(make.queue_row(id=7), make.queue(filters=filters)))
    known = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
    assert urlsplit(href).path == "/queue"
    assert known == {
        "workspace": "northshire", "view": "mine", "channel": "x", "account": "3", "grade": "priority", "page": "2", "c": "7",
    }  # fmt: skip


def test_what_is_at_its_default_stays_out_of_the_address():
    assert links.queue("northshire", QueueFilters()) == "/queue?workspace=northshire"


def test_hostile_words_cannot_add_to_an_address():
    href = links.queue("northshire", QueueFilters(channel="x&c=9#there"))
    assert parse_qs(urlsplit(href).query) == {"workspace": ["northshire"], "channel": ["x&c=9#there"]}


def test_an_account_chosen_again_is_let_go():
    filters = QueueFilters(account=3, page=4)
    assert links.account("n", filters, 3) == "/queue?workspace=n"
    assert links.account("n", filters, 2) == "/queue?workspace=n&account=2"


def test_a_view_is_a_link_with_its_count_and_says_that_it_is_chosen():
    side = queue.views(make.queue(filters=QueueFilters(view="mine")))
    text = drawn(side)
    assert text.count('"aria-current": "true"') == 1
    assert "131" in texts(side)
    assert "/queue?workspace=northshire&view=closed" in [href for one in side for href in hrefs(one)]


def test_a_held_conversation_names_its_holder():
    assert texts(queue.holder(make.queue_row(holder="C. Rees"))) == ["C. Rees"]
    assert texts(queue.holder(make.queue_row(holder="R. Hale", mine=True))) == ["you"]


def test_at_most_three_tags_the_most_telling_first():
    row = make.queue_row(flags=("knife", "child"), contacts=4, language="pl", media=True)
    assert queue.tags(row) == ["knife", "child", "repeat 4"]
    assert queue.tags(make.queue_row(contacts=1, kind=Kind.PUBLIC, media=True, language="cy")) == ["Welsh", "media"]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (QueueFilters(), "Nobody is waiting for an answer. New messages appear here by themselves."),
        (QueueFilters(view="mine"), "You hold no conversation. Claim one from “Needs an answer”."),
        (QueueFilters(grade="emergency"), "Nothing matches these filters. Clear them to see the whole view."),
        (QueueFilters(view="odd"), "Nothing is in this view."),
    ],
)
def test_an_empty_list_says_what_will_appear(filters, said):
    assert texts(queue.rows(make.queue(rows=(), filters=filters))) == [said]


def test_the_chosen_row_is_marked_for_those_who_do_not_see_colour():
    found = make.queue()
    marked = [row for row in queue.rows(found, selected=7) if "aria-current" in row.to_plotly_json()["props"]]
    assert [row.id for row in marked] == [queue.row_id(7)]


def test_a_row_that_left_says_why_where_it_stood():
    found = make.queue()
    placed = [PlacedRow(make.queue_row(), Left.TAKEN), PlacedRow(make.queue_row(id=8))]
    first, second = queue.placed_rows(placed, found)
    assert "taken just now" in texts(first)
    assert "taken just now" not in texts(second)


def test_pages_are_turned_only_where_there_are_any():
    assert queue.turn(make.queue()) == []
    middle = queue.turn(make.queue(pages=3, filters=QueueFilters(page=2)))
    assert [one.children for one in middle] == ["Previous", "page 2 of 3", "Next"]
    last = queue.turn(make.queue(pages=3, filters=QueueFilters(page=3)))
    assert [one.children for one in last] == ["Previous", "page 3 of 3"]


def test_new_work_waits_behind_a_button():
    assert queue.new_label(3) == "3 new, press N"
    assert queue.new_label(0) == ""


def test_words_from_outside_stay_words():
    hostile = '{"type": "Iframe", "namespace": "dash_html_components"}'
    row = make.queue_row(
        contact=hostile, first_line="<script>alert(1)</script>", account=hostile, holder=hostile, flags=(hostile,)
    )
    assert set(texts(queue.row(row, make.queue()))) >= {hostile, "<script>alert(1)</script>"}


def test_something_that_is_no_string_becomes_one():
    component = {"type": "Img", "namespace": "dash_html_components", "props": {}}
    row = replace(make.queue_row(), first_line=component, contact=component)
    said = texts(queue.row(row, make.queue()))
    assert said.count(str(component)) == 2


def test_words_from_outside_cannot_turn_the_line_around():
    text = drawn(queue.row(make.queue_row(contact="abc\u202egnp.exe", first_line="\u2067x"), make.queue()))
    assert "abcgnp.exe" in text
    assert not {"\u202e", "\u2067"} & set(text)


def test_words_from_outside_keep_their_own_direction_and_language():
    text = drawn(queue.row(make.queue_row(language="ur", first_line="آگ"), make.queue()))
    assert '"lang": "ur"' in text
    assert '"dir": "auto"' in text


def test_the_page_shows_the_open_conversation_beside_the_list():
    found = queue.page(make.queue(), make.thread(), frozenset(Permission))
    assert "He has gone quiet now. Please can someone come" in texts(found)
    assert "Choose a conversation to read it here." in texts(queue.page(make.queue()))


def test_filters_say_what_they_are():
    found = drawn(queue.page(make.queue(filters=QueueFilters(channel="x"))))
    assert '"All channels"' in found
    assert '"value": "x"' in found
    assert '"htmlFor": "queue-channel"' in found


def test_the_caption_says_how_many_and_when():
    assert queue.caption(make.queue()) == "16 conversations, as at 14:32:05"
