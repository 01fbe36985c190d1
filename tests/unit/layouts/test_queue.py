import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from dash import dcc, html

from layouts import links, queue
from layouts.components.tree import tree
from layouts.queue import rows, saving, side, tools
from models.folding import Span
from models.permissions import Permission
from models.posts import Kind
from models.queue_order import Left, PlacedRow, in_order
from models.snapshots import Choices, Found, QueueFilters, SavedViewMark
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
    found = rows.row(make.queue_row(), make.queue())
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
    text = drawn(rows.row(make.queue_row(), make.queue()))
    assert f'"data-since": "{make.ago(47).isoformat()}"' in text
    assert f'"data-due": "{make.ago(17).isoformat()}"' in text
    assert '"data-over": "true"' in text


def test_opening_a_row_keeps_the_filters_in_the_address():
    filters = QueueFilters(view="mine", channel="x", account=3, grade="priority", page=2)
    [href] = hrefs(rows.row(make.queue_row(id=7), make.queue(filters=filters)))
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
    found = side.views(make.queue(filters=QueueFilters(view="mine")))
    text = drawn(found)
    assert text.count('"aria-current": "true"') == 1
    assert "131" in texts(found)
    assert "/queue?workspace=northshire&view=closed" in [href for one in found for href in hrefs(one)]


def test_a_held_conversation_names_its_holder():
    assert texts(rows.holder(make.queue_row(holder="C. Rees"))) == ["C. Rees"]
    assert texts(rows.holder(make.queue_row(holder="R. Hale", mine=True))) == ["you"]


def test_at_most_three_tags_the_most_telling_first():
    row = make.queue_row(flags=("knife", "child"), contacts=4, language="pl", media=True)
    assert rows.tags(row) == ["knife", "child", "repeat 4"]
    assert rows.tags(make.queue_row(contacts=1, kind=Kind.PUBLIC, media=True, language="cy")) == ["Welsh", "media"]


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
    drawing = rows.drawing((), make.queue(rows=(), filters=filters), None)
    assert drawing["order"][0][0] == "empty"
    assert drawing["rows"]["empty"][2][2] == said


def test_a_row_that_left_says_why_where_it_stood():
    found = make.queue()
    placed = [PlacedRow(make.queue_row(), Left.TAKEN), PlacedRow(make.queue_row(id=8))]
    drawn_rows = rows.drawing(placed, found, None)["rows"]
    assert "taken just now" in json.dumps(drawn_rows["7"])
    assert "taken just now" not in json.dumps(drawn_rows["8"])


def test_only_rows_that_look_otherwise_travel_again():
    found = make.queue()
    first = rows.drawing(in_order(found.rows), found, None)
    assert set(first["rows"]) == {str(one.id) for one in found.rows}
    later = replace(found, as_at=found.as_at + timedelta(minutes=3))
    assert rows.drawing(in_order(later.rows), later, first["order"])["rows"] == {}
    taken = replace(later, rows=(replace(later.rows[0], holder="C. Rees"), *later.rows[1:]))
    again = rows.drawing(in_order(taken.rows), taken, first["order"])
    assert set(again["rows"]) == {str(taken.rows[0].id)}
    assert [key for key, _ in again["order"]] == [key for key, _ in first["order"]]


@pytest.mark.parametrize("shown", [None, 3, "x", {}, [None], [[1]], [[1, 2, 3]], [[{}, []]], [["7", "wrong"]]])
def test_what_a_browser_says_it_shows_is_only_believed_where_it_makes_sense(shown):
    found = make.queue()
    assert len(rows.drawing(in_order(found.rows), found, shown)["rows"]) == len(found.rows)


def test_what_was_found_is_marked_with_when_it_was_said():
    text = "The bridge is closed"
    one = make.queue_row(found=Found("note", make.ago(47), text, (Span(4, 10),)))
    said = texts(rows.row(one, make.queue(filters=QueueFilters(words="bridge"))))
    assert said[said.index("note 13:45: ") :][:4] == ["note 13:45: ", "The ", "bridge", " is closed"]


def test_a_tree_holds_texts_and_few_tags():
    assert tree(html.Span(["a", 3], className="x", hidden=True, title=None)) == [
        "span",
        {"class": "x", "hidden": ""},
        "a",
        "3",
    ]
    assert tree(html.Span(hidden=False)) == ["span", {}]
    assert tree({"type": "Iframe"}) == "{'type': 'Iframe'}"
    with pytest.raises(ValueError, match="iframe"):
        tree(html.Iframe())


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
    assert set(texts(rows.row(row, make.queue()))) >= {hostile, "<script>alert(1)</script>"}


def test_something_that_is_no_string_becomes_one():
    component = {"type": "Img", "namespace": "dash_html_components", "props": {}}
    row = replace(make.queue_row(), first_line=component, contact=component)
    said = texts(rows.row(row, make.queue()))
    assert said.count(str(component)) == 2


def test_words_from_outside_cannot_turn_the_line_around():
    text = drawn(rows.row(make.queue_row(contact="abc\u202egnp.exe", first_line="\u2067x"), make.queue()))
    assert "abcgnp.exe" in text
    assert not {"\u202e", "\u2067"} & set(text)


def test_words_from_outside_keep_their_own_direction_and_language():
    text = drawn(rows.row(make.queue_row(language="ur", first_line="آگ"), make.queue()))
    assert '"lang": "ur"' in text
    assert '"dir": "auto"' in text


def test_the_page_shows_the_open_conversation_beside_the_list():
    found = queue.page(make.queue(), Choices(), make.thread(), frozenset(Permission))
    assert "He has gone quiet now. Please can someone come" in texts(found)
    assert "Choose a conversation to read it here." in texts(queue.page(make.queue(), Choices()))


def test_filters_say_what_they_are():
    found = drawn(queue.page(make.queue(filters=QueueFilters(channel="x")), Choices()))
    assert '"All channels"' in found
    assert '"value": "x"' in found
    assert '"htmlFor": "queue-channel"' in found


def test_the_caption_says_how_many_and_when():
    assert tools.caption(make.queue()) == "as at 14:32:05"
    assert tools.found(make.queue()) == "16 conversations"
    searched = QueueFilters(words="fire")
    assert tools.found(make.queue(filters=searched, total=1)) == "1 conversation found"
    assert tools.found(make.queue(filters=searched, looked_at=1000)).startswith(
        "16 conversations found in the 1,000 newest"
    )


def test_the_way_back_shows_where_anything_is_left_out():
    assert tools.clear(make.queue(filters=QueueFilters(view="mine"))) == []
    for filters in (QueueFilters(view="mine", flag="media"), QueueFilters(view="mine", words="fire")):
        assert hrefs(html.Div(tools.clear(make.queue(filters=filters)))) == ["/queue?workspace=northshire&view=mine"]


def test_an_address_may_name_what_no_list_offers():
    text = drawn(queue.page(make.queue(filters=QueueFilters(team=99, flag="odd")), Choices()))
    assert '{"value": "99", "label": "99"}' in text
    assert '{"value": "odd", "label": "odd"}' in text


def saved(**changes):
    known = {"id": 3, "name": "Repeat contacts", "fields": (("flag", "repeat"),), "shared": "Operator"}
    return SavedViewMark(**{**known, "may_change": True, "count": 100, "most": 100, **changes})


def test_saved_views_stand_under_whom_they_are_shared_with():
    night = saved(id=4, name="Night", shared=None, count=3, fields=(("view", "mine"),))
    here = make.queue(filters=QueueFilters(flag="repeat"), saved=(saved(), night))
    said = texts(side.views(here))
    assert (
        said.index("Your views")
        < said.index("Night")
        < said.index("Shared with Operator")
        < said.index("Repeat contacts")
    )
    assert "100+" in said
    assert drawn(side.views(here)).count('"aria-current": "true"') == 1
    assert saving.changeable(here) == "3"
    assert saving.changeable(make.queue(filters=QueueFilters(flag="repeat"), saved=(saved(may_change=False),))) == ""
    assert saving.changeable(make.queue(saved=(saved(),))) == ""


def test_views_are_shared_by_those_who_move_work():
    choices = Choices(roles=(("5", "Operator"),))
    for permissions, offered in ((frozenset({Permission.MOVE_WORK}), True), (frozenset(), False)):
        found = drawn(queue.page(make.queue(), choices, permissions=permissions))
        assert ("Everybody who is Operator" in found) == offered


def test_a_row_says_who_should_answer_and_what_became_of_the_claim():
    def words(**changes):
        return " ".join(texts(rows.row(make.queue_row(**changes), make.queue())))

    assert "for  Night" in words(assigned="Night")
    assert "for" not in words(assigned="Night", holder="R. Hale").split()
    assert "lapsed, was  R. Hale" in words(lapsed="R. Hale")
    assert "lapsed" not in words(lapsed="R. Hale", holder="C. Rees")
    assert "hand-over" in words(offered=True, holder="C. Rees")
