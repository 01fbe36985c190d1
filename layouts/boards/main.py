"""What the main board says, part by part: the page paints it first, the live feed pushes the same. Nothing of a contact."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from layouts import wording
from layouts.components import marks
from models.snapshots import AccountCell, AccountState, GradeMark, Inbound, MostOverdue, Surge, Wallboard, WatchWord

GRADE_SLOTS = 4
CELL_SLOTS = 4
TileProps = dict[str, dict[str, Any]]


class Ids(StrEnum):
    PAGE = "wallboard"
    OVERDUE = "wall-overdue"
    OVERDUE_CAPTION = "wall-overdue-caption"
    OVERDUE_FIGURE = "wall-overdue-figure"
    OVERDUE_UNIT = "wall-overdue-unit"
    OVERDUE_SHAPE = "wall-overdue-shape"
    OVERDUE_GRADE = "wall-overdue-grade"
    OVERDUE_DUE = "wall-overdue-due"
    OVERDUE_TARGET = "wall-overdue-target"
    WAITING = "wall-waiting"
    WAITING_CAPTION = "wall-waiting-caption"
    WAITING_FIGURE = "wall-waiting-figure"
    WAITING_UNIT = "wall-waiting-unit"
    FIRST = "wall-first"
    FIRST_CAPTION = "wall-first-caption"
    FIRST_FIGURE = "wall-first-figure"
    FIRST_UNIT = "wall-first-unit"
    FIRST_LINE = "wall-first-line"
    FIRST_OPEN = "wall-first-open"
    WITHIN = "wall-within"
    WITHIN_CAPTION = "wall-within-caption"
    WITHIN_FIGURE = "wall-within-figure"
    WITHIN_UNIT = "wall-within-unit"
    HOURS = "wall-hours"
    HOURS_CAPTION = "wall-hours-caption"
    HOURS_FIGURE = "wall-hours-figure"
    HOURS_UNIT = "wall-hours-unit"
    HOURS_LINE = "wall-hours-line"
    HOURS_RATIO = "wall-hours-ratio"
    INBOUND_CAPTION = "wall-inbound-caption"
    INBOUND_CHART = "wall-inbound-chart"
    INBOUND_TABLE = "wall-inbound-table"
    INBOUND_SENTENCE = "wall-inbound-sentence"
    OTHERS = "wall-accounts-others"
    OTHERS_SHAPE = "wall-accounts-others-shape"
    OTHERS_FIGURE = "wall-accounts-others-figure"
    OTHERS_WORDS = "wall-accounts-others-words"
    LOCKDOWN = "wall-lockdown"
    SURGE = "wall-surge"
    LIVE_TABLE = "live-inbound-table"


def waiting_slot(number: int, part: str) -> str:
    """A line of the waiting tile, from 0: the parts are ``line``, ``shape``, ``count`` and ``word``."""
    return f"wall-waiting-{number}-{part}"


def oldest_slot(number: int, part: str) -> str:
    """The longest wait of a grade, from 0: the parts are ``line``, ``shape``, ``age`` and ``word``."""
    return f"wall-oldest-{number}-{part}"


def within_slot(number: int, part: str) -> str:
    """A grade of the tile within target, from 0: the parts are ``line``, ``shape``, ``share`` and ``word``."""
    return f"wall-within-{number}-{part}"


def cell_slot(number: int, part: str) -> str:
    """A cell of the account strip, from 0: ``cell``, ``shape``, ``handle``, ``words``, ``age`` and ``tail``."""
    return f"wall-account-{number}-{part}"


def tiles(board: Wallboard) -> TileProps:
    """What every part of the board says: the page paints it first, the live feed pushes the same."""
    return {
        **_overdue(board),
        **_oldest(board),
        **_waiting(board),
        **_first(board),
        **_within(board),
        **_hours(board),
        **_inbound(board),
        **_accounts(board),
        **_lockdown(board),
        **_surge(board),
    }


def _lockdown(board: Wallboard) -> TileProps:
    """One line above everything while replies are held back; without one it takes no room."""
    held = board.held_back
    if held is None:
        return {Ids.LOCKDOWN: {"children": "", "className": "wall-lockdown is-empty"}}
    what = "all accounts" if held.accounts is None else wording.plural(held.accounts, "account")
    until = wording.moment(held.until, board.as_at, board.workspace.zone)
    said = f"LOCKDOWN: no reply leaves on {what}, until {until}"
    return {Ids.LOCKDOWN: {"children": said, "className": "wall-lockdown"}}


def _surge(board: Wallboard) -> TileProps:
    """One line above the chart while more comes than this hour brings."""
    if board.surge is None:
        return {Ids.SURGE: {"children": "", "className": "wall-surge is-empty"}}
    return {Ids.SURGE: {"children": surge_line(board.surge, board.workspace.zone), "className": "wall-surge"}}


def surge_line(found: Surge, zone: str) -> str:
    """Since when, how much against how little, and when the queue breaches: short, to be read from afar."""
    minutes = int(found.window.total_seconds() // 60)
    said = f"SURGE since {wording.hour_minute(found.since, zone)}: {wording.number(found.count)} in {minutes} min"
    said = f"{said}, {_expected(found)} expected"
    if found.breach is None:
        return said
    return f"{said}; queue breaches {wording.hour_minute(found.breach, zone)} with {_people(found)}"


def surge_sentence(found: Surge, zone: str) -> str:
    """The same for a reader at a desk, and whether the desk keeps up."""
    minutes, count = int(found.window.total_seconds() // 60), wording.plural(found.count, "message")
    said = f"Since {wording.hour_minute(found.since, zone)}: {count} in {minutes} min, {_expected(found)} expected."
    if not found.forecast:
        return f"{said} Too few answers are on record to say when the queue breaches."
    if found.breach is None:
        return f"{said} {_people(found).capitalize()} keep{'s' if found.people == 1 else ''} up at this rate."
    return f"{said} At this rate the queue breaches at {wording.hour_minute(found.breach, zone)} with {_people(found)}."


def _expected(found: Surge) -> str:
    return wording.mean(found.expected) if found.expected >= 1 else "under 1"


def _people(found: Surge) -> str:
    return wording.plural(found.people, "person", "people") if found.people else "nobody on the desk"


def _as_at(board: Wallboard) -> str:
    return f"as at {wording.clock(board.as_at, board.workspace.zone)}"


def _as_at_minute(board: Wallboard) -> str:
    """For figures of a day or a week, where there is room for no more."""
    return f"as at {wording.hour_minute(board.as_at, board.workspace.zone)}"


def _overdue(board: Wallboard) -> TileProps:
    said: TileProps = {Ids.OVERDUE_CAPTION: {"children": _as_at(board)}}
    if board.most_overdue is None:
        return {**said, **_nobody_waits()}
    said |= _longest_wait(board, board.most_overdue)
    return said


def _oldest(board: Wallboard) -> TileProps:
    """The longest wait of each grade, below the headline (METRICS.md, Most overdue)."""
    said: TileProps = {}
    for slot in range(GRADE_SLOTS):
        one = board.waiting[slot] if slot < len(board.waiting) else None
        since = one.oldest if one else None
        said |= {
            oldest_slot(slot, "line"): {"className": "grade-line" if since else "grade-line is-empty"},
            oldest_slot(slot, "shape"): {"className": marks.shape_class(one.grade.look if one else "unknown")},
            oldest_slot(slot, "word"): {"children": f"oldest {one.grade.word.lower()}" if one else ""},
            oldest_slot(slot, "age"): {
                "children": wording.age(board.as_at - since) if since else "",
                "data-since": wording.iso(since),
            },
        }
    return said


def _nobody_waits() -> TileProps:
    return {
        Ids.OVERDUE: {"className": "tile tile-overdue is-well"},
        Ids.OVERDUE_FIGURE: {"children": "None", "data-since": None},
        Ids.OVERDUE_UNIT: {"children": "", "data-since": None},
        Ids.OVERDUE_SHAPE: {"className": marks.shape_class("done")},
        Ids.OVERDUE_GRADE: {"children": "Nobody is waiting"},
        Ids.OVERDUE_DUE: {"children": "", "data-due": None, "data-over": None},
        Ids.OVERDUE_TARGET: {"children": ""},
    }


def _longest_wait(board: Wallboard, most: MostOverdue) -> TileProps:
    waited, over = board.as_at - most.started, wording.is_over(board.as_at, most.due)
    number, unit = wording.split(wording.age(waited))
    since = wording.iso(most.started)
    return {
        Ids.OVERDUE: {"className": f"tile tile-overdue{' is-over' if over else ''}"},
        Ids.OVERDUE_FIGURE: {"children": number, "data-since": since},
        Ids.OVERDUE_UNIT: {"children": unit, "data-since": since},
        Ids.OVERDUE_SHAPE: {"className": marks.shape_class(most.grade.look)},
        Ids.OVERDUE_GRADE: {"children": f"{most.grade.word}, on {wording.channel(most.channel)}"},
        Ids.OVERDUE_DUE: {
            "children": wording.due(board.as_at, most.due),
            "data-due": wording.iso(most.due),
            "data-over": str(over).lower(),
        },
        Ids.OVERDUE_TARGET: {"children": f"target {wording.target(most.target)}"},
    }


def _waiting(board: Wallboard) -> TileProps:
    said: TileProps = {
        Ids.WAITING_CAPTION: {"children": _as_at(board)},
        Ids.WAITING_FIGURE: {"children": wording.number(sum(one.count for one in board.waiting))},
        Ids.WAITING_UNIT: {"children": ""},
    }
    shown = [(one.grade, wording.number(one.count)) for one in board.waiting]
    for slot in range(GRADE_SLOTS):
        said |= _line(waiting_slot, slot, "count", shown)
    return said


def _line(name: Any, slot: int, figure_part: str, shown: list[tuple[GradeMark, str]]) -> TileProps:
    """One grade's line; a slot that the scheme does not need is hidden."""
    if slot >= len(shown):
        return {
            name(slot, "line"): {"className": "grade-line is-empty"},
            name(slot, "shape"): {"className": marks.shape_class("unknown")},
            name(slot, figure_part): {"children": ""},
            name(slot, "word"): {"children": ""},
        }
    mark, text = shown[slot]
    return {
        name(slot, "line"): {"className": "grade-line"},
        name(slot, "shape"): {"className": marks.shape_class(mark.look)},
        name(slot, figure_part): {"children": text},
        name(slot, "word"): {"children": mark.word.lower()},
    }


def _first(board: Wallboard) -> TileProps:
    found, at = board.first_response, _as_at_minute(board)
    if not found.n:
        number, unit, line = wording.DASH, "", "nothing to answer yet"
    elif found.median is None:
        number, _, rest = wording.spread(found).partition(" ")
        unit, line = rest, "range, n < 20"
    else:
        number, rest = wording.split(wording.wait(found.median))
        unit, line = f"{rest} median", f"90% in {wording.wait(found.p90)}"
    return {
        Ids.FIRST_CAPTION: {"children": f"24 h, n {wording.number(found.n)}, {at}"},
        Ids.FIRST_FIGURE: {"children": number},
        Ids.FIRST_UNIT: {"children": unit},
        Ids.FIRST_LINE: {"children": line},
        Ids.FIRST_OPEN: {"children": f"{wording.number(found.unanswered)} open" if found.n else ""},
    }


def _within(board: Wallboard) -> TileProps:
    found = board.within_target
    under = found.share is not None and found.share < found.aim
    shown = [(one.grade, wording.share(one.share)) for one in found.grades]
    text = wording.share(found.share)
    caption = f"24 h, n {wording.number(found.n)}, aim {wording.share(found.aim)}, {_as_at_minute(board)}"
    said: TileProps = {
        Ids.WITHIN: {"className": f"tile tile-within{' is-under' if under else ''}"},
        Ids.WITHIN_CAPTION: {"children": caption},
        Ids.WITHIN_FIGURE: {"children": text.removesuffix("%")},
        Ids.WITHIN_UNIT: {"children": ("% under aim" if under else "%") if text.endswith("%") else ""},
    }
    for slot in range(GRADE_SLOTS):
        said |= _line(within_slot, slot, "share", shown)
    return said


def _hours(board: Wallboard) -> TileProps:
    found = board.out_of_hours
    text = wording.share(found.share)
    known = found.rate_ratio is not None
    return {
        Ids.HOURS_CAPTION: {"children": f"7 days, n {wording.number(found.n)}, {_as_at_minute(board)}"},
        Ids.HOURS_FIGURE: {"children": text.removesuffix("%")},
        Ids.HOURS_UNIT: {"children": "%" if text.endswith("%") else ""},
        Ids.HOURS_LINE: {"children": "rate ratio" if known else "no rate ratio"},
        Ids.HOURS_RATIO: {"children": wording.ratio(found.rate_ratio) if known else ""},
    }


def _inbound(board: Wallboard) -> TileProps:
    found, zone = board.inbound, board.workspace.zone
    usual = "" if found.usual_total is None else f", usual {wording.number(found.usual_total)}"
    caption = f"{wording.plural(found.total, 'message')}{usual}; {zone}, {_as_at(board)}"
    return {
        Ids.INBOUND_CAPTION: {"children": caption},
        Ids.INBOUND_SENTENCE: {"children": inbound_sentence(found, zone)},
    }


def inbound_sentence(found: Inbound, zone: str) -> str:
    """The chart in words: how many, against what is usual, and when most came."""
    counted = [(sum(hour.counts), hour.begins) for hour in found.hours]
    if not any(count for count, _ in counted):
        return "No message came in the last 24 hours."
    most, begins = max(counted, key=lambda pair: pair[0])
    usual = "" if found.usual_total is None else f"; {wording.number(found.usual_total)} is usual"
    gaps = f" No data for {wording.plural(len(found.gaps), 'stretch', 'stretches')}." if found.gaps else ""
    return (
        f"{wording.plural(found.total, 'message')} in the last 24 hours{usual}. "
        f"The most in one hour was {wording.number(most)}, from {wording.hour_minute(begins, zone)}.{gaps}"
    )


def _accounts(board: Wallboard) -> TileProps:
    strip = board.accounts
    said: TileProps = {}
    for slot in range(CELL_SLOTS):
        said |= _cell(slot, strip.worst[slot] if slot < len(strip.worst) else None, board)
    look = "done" if strip.others_well else "priority"
    said |= {
        Ids.OTHERS: {"className": f"cell cell-others cell-{look}{'' if strip.others else ' is-empty'}"},
        Ids.OTHERS_SHAPE: {"className": marks.shape_class(look)},
        Ids.OTHERS_FIGURE: {"children": f"{wording.number(strip.others)} more"},
        Ids.OTHERS_WORDS: {"children": "all well" if strip.others_well else "not all well"},
    }
    return said


def _cell(slot: int, account: AccountCell | None, board: Wallboard) -> TileProps:
    names = ("cell", "shape", "handle", "words", "age", "tail")
    cell, shape, handle, words, age, tail = (cell_slot(slot, part) for part in names)
    if account is None:
        empty: TileProps = {part: {"children": ""} for part in (handle, words, tail)}
        empty[age] = {"children": "", "data-since": None}
        empty[cell] = {"className": "cell is-empty", "title": ""}
        return {**empty, shape: {"className": marks.shape_class("unknown")}}
    look, said, since, ago = _stands(account)
    sentences = (
        wording.account_sentence(account, board.as_at, board.workspace.zone),
        wording.watch_sentence(account, board.as_at),
    )
    return {
        cell: {"className": f"cell cell-{look}", "title": " ".join(filter(None, sentences))},
        shape: {"className": marks.shape_class(look)},
        handle: {"children": account.handle},
        words: {"children": f"{said} "},
        age: {"children": wording.age(board.as_at - since) if since else "", "data-since": wording.iso(since)},
        tail: {"children": " ago" if since and ago else ""},
    }


def _stands(account: AccountCell) -> tuple[str, str, datetime | None, bool]:
    """Look, words, since when, and whether that is said as an age: who watches, where the account itself can be read."""
    watch = account.watch
    if watch is None or account.state not in (AccountState.LIVE, AccountState.QUIET):
        ago = account.state is AccountState.LIVE
        return wording.STATE_LOOKS[account.state], wording.STATE_WORDS[account.state], wording.since_when(account), ago
    if watch.state is WatchWord.UNWATCHED:
        return "emergency", "UNWATCHED", watch.since, False
    look = "priority" if watch.state is WatchWord.AGEING else "done"
    return look, f"{watch.state},", watch.since, True
