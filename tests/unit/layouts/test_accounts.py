from datetime import timedelta

from layouts import accounts, wording
from models.snapshots import AccountState, UnwatchedMonth, WatchMark, WatchWord
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts


def said(**changes):
    return texts(accounts.page(make.accounts_page(**changes)))


def test_every_account_says_what_its_connector_does():
    words = said()
    for part in (
        "@EastfieldHub",
        "AUTH",
        "X refuses our credentials since 14:18. Rotate them to go on.",
        "4,120 of 15,000",
    ):
        assert part in words


def test_an_account_without_a_budget_says_so():
    assert "4,120, no limit set" in said()


def test_the_register_says_who_keeps_an_account_and_whom_to_call():
    words = " ".join(said())
    for part in ("Owner:  Communications", "For:  Roads", "Watched:  day and night", "Call:  Duty desk, 101"):
        assert part in words
    nobody = make.account_row(owner="", purpose="", watch_hours="", call="")
    assert "Call: " not in said(rows=(nobody,))


def test_outcomes_of_polls_are_counted():
    assert "412 stored, 31 duplicate, 3 edited" in said()


def test_an_account_that_nobody_asked_yet_has_dashes():
    new = make.cell(AccountState.NEW, since=None, last_success=None, last_message=None)
    words = said(rows=(make.account_row(cell=new, next_attempt=None, counts=()),))
    assert words.count("–") == 5


def test_a_dead_poller_is_said_above_everything():
    assert "Posts are not being collected: the poller does not run." in said(poller_alive=False)
    assert "Posts are not being collected: the poller does not run." not in said()


def test_without_an_account_the_page_says_how_to_add_one():
    assert any("account add" in text for text in said(rows=()))


def test_the_register_says_who_watches():
    since = make.NOW - timedelta(minutes=14)
    cells = [
        make.cell(watch=WatchMark(WatchWord.UNWATCHED, since, month=timedelta(minutes=61), arrived=1)),
        make.cell(watch=WatchMark(WatchWord.AGEING, since, people=2)),
    ]
    said = " ".join(wording.watch_sentence(cell, make.NOW) for cell in cells)
    assert "for 14 min." in said
    assert "2 people have it on an open queue; the last act was 14 min ago." in said
    assert wording.watch_sentence(make.cell(), make.NOW) == ""


def test_earlier_months_of_unwatched_time_are_chosen_below_the_register():
    assert "Unwatched time by month" not in said()
    assert "This month's stands in the register above." in said(months=("2026-10",))
    known = UnwatchedMonth("x", "@north", timedelta(minutes=90), 3, make.NOW - timedelta(minutes=5))
    rows = (known, UnwatchedMonth("x", "@new", None))
    facts = {"months": ("2026-10", "2026-09"), "month": "2026-10", "unwatched": rows}
    words = " ".join(said(**facts))
    for part in ("October 2026", "September 2026", "90 minutes, known from 14:27", "not known"):
        assert part in words, part
    assert "month=2026-09" in drawn(accounts.page(make.accounts_page(**facts)))
