"""What a page of the queue costs with 5,000 conversations waiting and a million messages: ``python -m bench.queue``."""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.report import report_times
from bench.wallboard import timed
from bench.years import years
from data.queries.conversation import thread
from data.queries.queue import queue
from models.filters import VIEWS
from models.permissions import BUILT_IN_ROLES, Scope
from models.snapshots import QueueFilters

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
CALLS = 300
SIZES = (100_000, 1_000_000)


def measure(folder: Path, messages: int) -> None:
    """Every view's first page, a late page, filters, and a conversation."""
    made = years(folder, messages, 400, NOW, waiting=5_000)
    scope = Scope(made.home, "north", BUILT_IN_ROLES["Supervisor"], 1, "Ann")
    asked = {f"queue, view {key}": QueueFilters(view=key) for key, _ in VIEWS}
    asked |= {"queue, page 90": QueueFilters(page=90), "queue, filtered": QueueFilters(channel="x", grade="priority")}
    for name, filters in asked.items():
        times = [
            timed(lambda at=at, filters=filters: queue(made.database, scope, filters, NOW + timedelta(seconds=at)))
            for at in range(CALLS)
        ]
        tell(f"{name}, {messages:,} messages", times)
    times = [timed(lambda key=key: thread(made.database, scope, key, NOW)) for key in range(1, CALLS + 1)]
    tell(f"conversation, {messages:,} messages", times)
    made.database.close()


def tell(name: str, times: list[list[float]]) -> None:
    """By the clock and by CPU, without the first calls, which fill caches."""
    for column, unit in ((0, "ms"), (1, "ms of CPU")):
        report_times(f"{name}, {unit}", [one[column] for one in times[10:]], unit)


def main(arguments: list[str]) -> None:
    """Both sizes; with ``quick`` only the smaller."""
    for messages in SIZES[:1] if "quick" in arguments else SIZES:
        with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
            measure(Path(folder), messages)


if __name__ == "__main__":
    main(sys.argv[1:])
