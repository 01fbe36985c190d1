from layouts.boards import response
from layouts.boards.response import Ids
from tests import factories as make
from tests.unit.layouts.test_queue import texts
from tests.unit.layouts.test_wallboard import parts


def test_the_board_says_median_and_ninety_per_cent():
    said = response.tiles(make.response_board())
    assert [said[part]["children"] for part in (Ids.FIGURE, Ids.UNIT, Ids.LINE)] == ["6", "min median", "90% in 19 min"]


def test_below_twenty_there_is_a_range():
    few = make.first_response(n=9, median=None, p90=None, shortest=make.minutes(3), longest=make.minutes(41))
    said = response.tiles(make.response_board(total=few))
    assert [said[part]["children"] for part in (Ids.FIGURE, Ids.UNIT)] == ["3–41", "min range"]
    assert said[Ids.LINE]["children"] == "under 20: no median"


def test_with_nothing_to_answer_the_figure_is_a_dash():
    none = make.first_response(n=0, unanswered=0, median=None, p90=None, shortest=None, longest=None)
    said = response.tiles(make.response_board(total=none))
    assert [said[part]["children"] for part in (Ids.FIGURE, Ids.UNIT, Ids.LINE)] == ["–", "", "90% in –"]


def test_the_sentence_names_the_last_day_and_the_slowest():
    words = response.sentence(make.response_board())
    assert words.startswith("On Thu 15 Oct half were answered within 6 min and 90% within 20 min (n 143);")
    assert words.endswith("the slowest median was 30 min on Tue 6 Oct.")


def test_before_twenty_turns_a_day_the_sentence_says_so():
    assert "No day has 20 first turns yet" in response.sentence(make.response_board(days=()))


def test_the_table_says_what_was_only_a_bound():
    rows = response.table(make.response_board()).children[2].children
    assert texts(rows[0]) == ["Thu 15 Oct, still open", "143", "2", "6 min", "20 min"]
    assert texts(rows[9])[-1] == "> 1 h 42"


def test_every_pushed_part_is_on_the_page():
    board = make.response_board()
    assert set(response.tiles(board)) <= set(parts(response.page(board)))
