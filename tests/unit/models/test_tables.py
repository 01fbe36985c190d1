import pytest

from models.tables import What, about, minutes, tables_of
from tests import periods as make
from tests.factories import wait


@pytest.mark.parametrize("factory", [make.activity, make.response, make.hours])
def test_every_row_has_a_cell_for_every_column(factory):
    for table in tables_of(factory()):
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_what_was_not_collected_is_not_nought():
    inbound = tables_of(make.activity())[0]
    assert inbound.rows[0][2:] == ("not collected", None, None, None)
    assert inbound.rows[3][2:] == ("still open", 7, 2, 5)
    assert tables_of(make.hours())[0].rows[0][2:] == ("not collected", None, None, None)


def test_the_first_table_sums_to_the_figure_at_the_top():
    report = make.activity()
    assert sum(row[3] or 0 for row in tables_of(report)[0].rows) == report.total


def test_shares_of_a_split_sum_to_one():
    for table in tables_of(make.activity())[1:6]:
        assert sum(row[2] for row in table.rows) == pytest.approx(1)
        assert table.columns[2].what is What.SHARE


def test_a_split_of_nothing_has_no_share():
    table = tables_of(make.activity(by_kind=(make.Part("public", 0, 3),)))[3]
    assert table.rows == (("public", 0, None, 3),)


def test_a_file_says_what_it_is_of():
    said = dict(about(make.head()))
    assert (said["First day"], said["Last day"], said["Zone"]) == ("2026-10-12", "2026-10-15", "Europe/London")
    assert (said["Account"], said["Channel"], said["Calendar"]) == ("all", "all", "version 4")
    one = make.head(filters=make.ReportFilters("custom", make.FIRST, make.LAST, "x", 1), calendar_version=None)
    said = dict(about(one))
    assert (said["Account"], said["Channel"], said["Calendar"]) == ("@northshire", "x", "none")


def test_waits_are_minutes_in_files():
    assert minutes(wait(90.5)) == 90.5
