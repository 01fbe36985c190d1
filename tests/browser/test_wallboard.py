"""The wall at 5 m: nothing scrolls, nothing is cut, every size is what distance asks for, whatever the figures are."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from plotly.utils import PlotlyJSONEncoder

from callbacks.callers import KIOSK_COOKIE
from data.clock import utc_now
from data.kiosks import check_kiosk, create_kiosk, revoke_kiosk
from layouts import wallboard as layout
from layouts.boards import hours, main, response
from layouts.components.major import banner
from models.audit import COMMAND
from models.snapshots import AccountState, AccountStrip, GradeCount, GradeShare, MajorMark
from tests import factories as made
from tests.browser.conftest import HYDRATED

FIT = (Path(__file__).parent / "fit.js").read_text(encoding="utf-8")
SCROLLS = """() => document.scrollingElement.scrollHeight > innerHeight + 1
  || document.scrollingElement.scrollWidth > innerWidth + 1"""
SCREENS = [(1366, 768), (1920, 1080), (3840, 2160), (1080, 1920)]
HANDLE = "@northshire-constabulary-eastfield-neighbourhood@police.social.example"

SIZES = {
    ".figure": 10,
    ".live-age, .unit, .state > :not(.aside), .grade-lines .grade-line > *, .cell-handle, .cell-words": 3.3,
    ".tile-title, .tile-caption, .state, .oldest, .legend li, .sentence, .js-plotly-plot text": 2.2,
}
"""FACTS.md, Wallboard: key figures, words that carry a state, captions; in hundredths of the screen's height."""


def long_wait():
    """Everything at its longest: days over, thousands waiting, names that fill a line."""
    cells = tuple(
        made.cell(state, id=number, handle=HANDLE, since=made.ago(3_921), last_success=made.ago(3_921))
        for number, state in enumerate((AccountState.AUTH, AccountState.DEAD, AccountState.FAILING, AccountState.QUIET))
    )
    counts = [(made.EMERGENCY, 1_043), (made.PRIORITY, 2_817), (made.STANDARD, 4_390)]
    return made.wallboard(
        most_overdue=made.overdue(grade=made.EMERGENCY, started=made.ago(3_921), due=made.ago(3_905)),
        waiting=tuple(GradeCount(grade, count, made.ago(3_921)) for grade, count in counts),
        first_response=made.first_response(
            n=4_212, unanswered=2_101, median=made.wait(1_277), p90=made.wait(3_921, reached=False)
        ),
        within_target=made.within_target(
            n=4_212, share=0.07, grades=tuple(GradeShare(grade, 1.0, 999) for grade in made.GRADES)
        ),
        out_of_hours=made.out_of_hours(n=26_118, share=1.0, rate_ratio=12.34),
        accounts=AccountStrip(cells, 294, False),
    )


def few():
    """Under 20 first turns: a range instead of a median."""
    return made.wallboard(
        first_response=made.first_response(
            n=19, median=None, p90=None, shortest=timedelta(minutes=101), longest=timedelta(hours=64)
        )
    )


BOARDS = {
    "main": (
        main,
        layout.inbound_figure,
        {"usual": made.wallboard, "longest": long_wait, "few": few, "unknown": made.unknown_wallboard},
    ),
    "hours": (hours, hours.drawing, {"usual": made.hours_board, "unknown": lambda: nothing(made.hours_board())}),
    "response": (
        response,
        response.drawing,
        {
            "usual": made.response_board,
            "longest": lambda: made.response_board(
                total=made.first_response(n=4_212, median=made.wait(1_277), p90=made.wait(3_921, reached=False))
            ),
            "unknown": lambda: replace(made.response_board(), total=made.unknown_wallboard().first_response),
        },
    ),
}


def nothing(board):
    days = tuple(replace(day, n=0, share=None, rate_ratio=None) for day in board.days)
    return replace(board, days=days, total=made.out_of_hours(n=0, share=None, rate_ratio=None))


@pytest.fixture
def kiosk(north, visit):
    """``kiosk(board)``: a screen that opened a kiosk's link, and the link's token."""

    def open_board(board="main", **size):
        token = create_kiosk(north.database, north.workspace_id, "Wall", board, utc_now(), COMMAND)
        page = visit(**size)
        page.goto(f"{north.address}/kiosk/{token}")
        page.locator("#live-age[data-live=true]").wait_for()
        expect(page.locator(".js-plotly-plot")).to_be_visible()
        return page, token

    return open_board


def push(page, board, name):
    """Show a board as the live feed would, at the instant it was true, and hold it there."""
    said, drawing, kinds = BOARDS[board]
    shown = kinds[name]()
    tiles = {str(part): props for part, props in said.tiles(shown).items()}
    chart = next(part for part in said.Ids if part.endswith("-chart"))
    page.wait_for_function(HYDRATED)
    page.evaluate(
        """([at, tiles, chart, figure]) => {
          watchroom.setNow(at);
          watchroom.setNow = () => {};
          // Nobody tells a hidden page anything: what the feed still has to say comes no more.
          Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
          for (const [id, props] of Object.entries(tiles)) { dash_clientside.set_props(id, props); }
          dash_clientside.set_props(chart, { figure });
        }""",
        [shown.as_at.isoformat(), tiles, str(chart), drawing(shown, "dark")],
    )
    figure = next(part for part in said.Ids if part.endswith("-figure") and "others" not in part)
    expect(page.locator(f"#{figure}")).to_have_text(tiles[str(figure)]["children"])
    page.wait_for_function(
        """() => [...document.querySelectorAll(".graph-holder")].every((one) => {
          const drawn = one.querySelector(".main-svg").getBoundingClientRect();
          return Math.abs(drawn.width - one.clientWidth) < 2 && Math.abs(drawn.height - one.clientHeight) < 2;
        })"""
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize("board", BOARDS)
def test_nothing_is_cut_or_scrolls_on_any_screen_whatever_the_figures(kiosk, board):
    page, _ = kiosk(board)
    found = {}
    for name in BOARDS[board][2]:
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            push(page, board, name)
            if (width, name) == (1080, "longest"):
                continue  # thousands waiting at ten hundredths of 1920 px do not go beside their grades
            found[name, width, height] = page.evaluate(FIT, "body") + ["it scrolls"] * page.evaluate(SCROLLS)
    told = [f"{case}: {one}" for case, wrong in found.items() for one in wrong]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("board", BOARDS)
def test_sizes_are_those_that_are_read_at_five_metres(kiosk, board):
    page, _ = kiosk(board)
    small = {}
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        push(page, board, "usual")
        for parts, least in SIZES.items():
            sizes = page.locator(parts).evaluate_all(
                """(all) => all.filter((one) => one.textContent.trim() && one.checkVisibility())
                .map((one) => [one.className.baseVal ?? one.className, parseFloat(getComputedStyle(one).fontSize)])"""
            )
            assert sizes, parts
            found = [(name, size / height * 100) for name, size in sizes]
            small |= {(width, height, name): size for name, size in found if size < least - 0.01}
    assert small == {}


def test_signed_in_people_see_the_same_wall_without_scrolling(north, visit):
    page = north.sign_in(visit(), "/wallboard/main")
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        push(page, "main", "usual")
        told = page.evaluate(FIT, "main")
        assert not told, "\n".join(told)
        assert not page.evaluate(SCROLLS)


def test_a_major_incident_and_a_surge_at_once_leave_an_upright_wall_readable(north, visit):
    page = north.sign_in(visit(width=1080, height=1920), "/wallboard/main")
    push(page, "main", "usual")
    words = (
        "Canal Street: a warehouse burns, smoke over the hospital and the ring road, access from the north only. " * 3
    )
    mark = MajorMark(1, "Canal Street warehouse fire", words, words, made.ago(9), made.ago(9), "J. Okafor")
    drawn = json.loads(json.dumps(banner(mark, made.NORTHSHIRE, "/wallboard/main"), cls=PlotlyJSONEncoder))
    line = main.tiles(made.wallboard(surge=made.surge()))[main.Ids.SURGE]
    page.evaluate(
        """([major, surge]) => {
          dash_clientside.set_props("major", { children: major });
          dash_clientside.set_props("wall-surge", surge);
        }""",
        [drawn, line],
    )
    expect(page.locator(".major-wall")).to_be_visible()
    expect(page.locator("#wall-surge")).to_contain_text("SURGE")
    told = page.evaluate(FIT, "main")
    assert not told, "\n".join(told)
    assert not page.evaluate(SCROLLS)


def test_a_kiosk_shows_its_board_and_nothing_else(kiosk, north):
    page, _ = kiosk("hours")
    assert page.url.startswith(north.at("/wallboard/hours"))
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("link", name="Sign out")).to_have_count(0)
    key = north.receive("Not for a wall")
    for path in ("/queue", "/accounts", f"/conversation/{key}"):
        answer = page.goto(north.at(path))
        assert answer.status == 403
        assert "Not for a wall" not in page.content()
    cookie = next(one for one in page.context.cookies() if one["name"] == KIOSK_COOKIE)
    assert cookie["httpOnly"]


def test_a_revoked_kiosk_is_gone(kiosk, north):
    page, token = kiosk("main")
    kiosk_id = check_kiosk(north.database, token).kiosk_id
    revoke_kiosk(north.database, north.workspace_id, kiosk_id, utc_now(), COMMAND)
    expect(page.locator("#banner")).to_contain_text("This screen has been switched off")
    page.goto(north.at("/wallboard/main"))
    assert "/sign-in" in page.url
    assert page.goto(f"{north.address}/kiosk/{token}").status == 404
    expect(page.get_by_role("heading")).to_have_text("This screen is not paired")
