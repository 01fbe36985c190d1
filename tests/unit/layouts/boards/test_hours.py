from layouts.boards import hours
from layouts.boards.hours import Ids
from tests import factories as make
from tests.unit.layouts.test_queue import texts
from tests.unit.layouts.test_wallboard import parts


def test_the_board_says_share_ratio_and_n():
    said = hours.tiles(make.hours_board())
    assert [said[part]["children"] for part in (Ids.FIGURE, Ids.UNIT, Ids.LINE)] == ["54", "%", "rate ratio 0.50"]
    assert said[Ids.TOTAL_CAPTION]["children"].startswith("7 days, n 2,611")


def test_the_sentence_names_the_highest_day_that_is_over():
    assert hours.sentence(make.hours_board()).endswith("most on Mon 5 Oct, 100%.")


def test_before_a_first_full_day_the_sentence_says_what_will_come():
    assert "fills as days pass" in hours.sentence(make.hours_board(days=()))


def test_without_a_calendar_the_figure_is_a_dash():
    said = hours.tiles(make.hours_board(total=make.out_of_hours(share=None, rate_ratio=None)))
    assert [said[part]["children"] for part in (Ids.FIGURE, Ids.UNIT, Ids.LINE)] == ["–", "", "rate ratio –"]


def test_the_table_has_a_row_a_day_the_newest_first():
    rows = hours.table(make.hours_board()).children[2].children
    assert len(rows) == 14
    assert texts(rows[0]) == ["Thu 15 Oct, still open", "283", "50%", "0.50"]
    assert texts(rows[2]) == ["Tue 13 Oct", "301", "–", "–"]


def test_every_pushed_part_is_on_the_page():
    board = make.hours_board()
    assert set(hours.tiles(board)) <= set(parts(hours.page(board)))
