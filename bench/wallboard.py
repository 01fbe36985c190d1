"""What the wallboard's data costs, beside the same figures by pandas over all rows: ``python -m bench.wallboard``.

Both work on the same database, and what they say is compared before it is timed. The wallboard is asked for another
instant every time, so that nothing it gives was kept from the call before.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np
import pandas as pd

from bench.report import quantile, report, report_times
from bench.years import Years, years
from data.queries.wallboard import wallboard
from models.snapshots import Wallboard

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
HOUR, DAY = pd.Timedelta("1h"), pd.Timedelta("1D")
CALLS = 300
SIZES = ((100_000, 400, 5), (1_000_000, 400, 3), (1_000_000, 4_000, 3))
"""Messages, messages a day, and how often pandas reads them all."""

Figures = dict[str, Any]


def by_pandas(made: Years, now: datetime) -> Figures:
    """The wallboard's figures from every row of the tables."""
    with made.database.reader.connect() as connection:
        messages = pd.read_sql("SELECT * FROM message", connection)
        turns = pd.read_sql("SELECT * FROM turn", connection)
        accounts = pd.read_sql("SELECT id, channel FROM account", connection)
    at = pd.Timestamp(now)
    return {**_volumes(messages, accounts, at), **_waits(turns, at)}


def _volumes(messages: pd.DataFrame, accounts: pd.DataFrame, at: pd.Timestamp) -> Figures:
    inbound = messages[(messages["direction"] == "in") & (messages["spam"] == 0)].copy()
    inbound["sent"] = pd.to_datetime(inbound["sent"], unit="us", utc=True)
    inbound["hour"] = inbound["sent"].dt.floor("h")
    inbound["channel"] = inbound["account_id"].map(accounts.set_index("id")["channel"])
    present = at.floor("h")
    shown = inbound[(inbound["hour"] >= present - DAY) & (inbound["hour"] <= present)]
    bars = shown.groupby(["hour", "channel"]).size()
    hourly = inbound.groupby("hour").size()
    hourly = hourly.reindex(pd.date_range(hourly.index.min(), present, freq="h"), fill_value=0)
    local = hourly.index.tz_convert("Europe/London")
    week = pd.DataFrame({"count": hourly.to_numpy(), "day": local.day_of_week, "hour": local.hour}, index=hourly.index)
    usual = []
    for hour in pd.date_range(present - DAY, present, freq="h"):
        there = hour.tz_convert("Europe/London")
        dates = (there.normalize().tz_localize(None) - local.normalize().tz_localize(None)).days
        same = week[(week["day"] == there.weekday()) & (week["hour"] == there.hour) & (dates >= 7) & (dates <= 56)]
        usual.append(float(same["count"].median()))
    judged = inbound[(inbound["hour"] >= present - 7 * DAY) & (inbound["hour"] <= present)]["hours"].value_counts()
    share = judged.get("out", 0) / (judged.get("in", 0) + judged.get("out", 0))
    return {"total": int(bars.sum()), "usual": usual, "out of hours": float(share)}


def _waits(turns: pd.DataFrame, at: pd.Timestamp) -> Figures:
    for name in ("started", "due", "replied", "ended"):
        turns[name] = pd.to_datetime(turns[name], unit="us", utc=True)
    waiting = turns[turns["replied"].isna() & turns["ended"].isna()]
    today = turns[(turns["started"] >= at - DAY) & (turns["started"] <= at)]
    first = today[today["position"] == "first"]
    waits = first["replied"].fillna(at) - first["started"]
    answered = today["replied"].notna()
    missed = int((~answered & (today["due"] < at)).sum())
    good = int((today["replied"] <= today["due"]).sum())
    return {
        "waiting": waiting.groupby("grade_id").size().to_list(),
        "due": waiting["due"].min().to_pydatetime(),
        "median": _quantile(waits, first["replied"].notna(), 0.5),
        "p90": _quantile(waits, first["replied"].notna(), 0.9),
        "within": good / (int(answered.sum()) + missed),
    }


def _quantile(waits: pd.Series, answered: pd.Series, q: float) -> timedelta:
    """The product-limit quantile: the first wait at which so few are left waiting."""
    table = pd.DataFrame({"wait": waits, "answered": answered}).groupby("wait")["answered"].agg(["sum", "size"])
    at_risk = table["size"][::-1].cumsum()[::-1]
    survival = (1 - table["sum"] / at_risk).cumprod()
    reached = np.flatnonzero(survival.to_numpy() <= 1 - q + 1e-12)
    return table.index[reached[0] if len(reached) else -1].to_pytimedelta()


def shown(board: Wallboard) -> Figures:
    """The same figures as the wallboard has them."""
    first = board.first_response
    assert board.most_overdue and first.median and first.p90
    return {
        "total": board.inbound.total,
        "usual": [bar.usual for bar in board.inbound.hours],
        "out of hours": board.out_of_hours.share,
        "waiting": [one.count for one in board.waiting],
        "due": board.most_overdue.due,
        "median": first.median.length,
        "p90": first.p90.length,
        "within": board.within_target.share,
    }


def timed(work: Callable[[], object]) -> list[float]:
    """Milliseconds by the clock, and of this thread's CPU time."""
    begin, cpu = perf_counter(), thread_time()
    work()
    return [(perf_counter() - begin) * 1000, (thread_time() - cpu) * 1000]


def measure(folder: Path, messages: int, a_day: int, reads: int) -> float:
    """Compare, then time both; the median CPU milliseconds of ours."""
    made = years(folder, messages, a_day, NOW)
    ours, theirs = shown(wallboard(made.database, made.home, NOW)), by_pandas(made, NOW)
    assert ours == theirs, f"not the same figures: {ours} {theirs}"
    mine: list[list[float]] = []
    his: list[list[float]] = []
    for turn in range(reads):
        # In turns, so that what else the machine does falls on both.
        for number in range(CALLS // reads):
            now = NOW + timedelta(seconds=turn * CALLS + number)
            mine.append(timed(lambda now=now: wallboard(made.database, made.home, now)))
        his.append(timed(lambda: by_pandas(made, NOW)))
    name = f"wallboard data, {messages:,} messages, {a_day:,} a day"
    for column, unit in ((0, "ms"), (1, "ms of CPU")):
        ours_taken, theirs_taken = [one[column] for one in mine], [one[column] for one in his]
        report_times(f"{name}, {unit}", ours_taken, unit, "pandas.read_sql of all rows", theirs_taken)
    made.database.close()
    return quantile([one[1] for one in mine], 0.5)


def main(arguments: list[str]) -> None:
    """All sizes; with ``quick`` only the smallest."""
    cost = []
    for size in SIZES[:1] if "quick" in arguments else SIZES:
        with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
            cost.append(measure(Path(folder), *size))
    if len(cost) > 1:
        report("wallboard data, ms of CPU at 1,000,000 messages / at 100,000", cost[1] / cost[0], "")


if __name__ == "__main__":
    main(sys.argv[1:])
