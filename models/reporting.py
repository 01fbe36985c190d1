"""The period of a report: what the address says of it, read forgivingly, in whole local days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from models.addresses import number_in, word_in

PRESETS = (
    ("7d", "Last 7 days"),
    ("28d", "Last 28 days"),
    ("90d", "Last 90 days"),
    ("month", "This month"),
    ("last-month", "Last month"),
    ("year", "Last 12 months"),
    ("custom", "Chosen dates"),
)
"""The periods that the picker offers: key and label."""
DEFAULT = "28d"
CUSTOM = "custom"
LONGEST = 3_660
"""Days of a period: ten years."""
DAYS_SHOWN = 120
"""A longer period is drawn by month: single days would be thinner than a line."""

_KEYS = frozenset(key for key, _ in PRESETS)
_DAYS = {"7d": 7, "28d": 28, "90d": 90}


@dataclass(frozen=True, slots=True)
class ReportFilters:
    """What a report is of: whole local days from ``first`` to ``last``, both counted, and one account or channel of them.

    ``period`` is the preset's key. Empty or None means any.
    """

    period: str
    first: date
    last: date
    channel: str = ""
    account: int | None = None

    @property
    def days(self) -> int:
        """How many local days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> tuple[date, date]:
        """First and last day of the period of the same length just before."""
        return self.first - timedelta(days=self.days), self.first - timedelta(days=1)

    @property
    def by_month(self) -> bool:
        """Whether the period is drawn by month and not by day."""
        return self.days > DAYS_SHOWN


def report_filters_from(mapping: Mapping[str, object], today: date) -> ReportFilters:
    """The filters that a query string holds. ``today`` is the workspace's; what makes no sense is the default. Never raises.

    A period that is turned round is put right, one that is longer than ``LONGEST`` is cut at its beginning, and days that
    have not come are left out.
    """
    period = word_in(mapping.get("period"))
    first, last = _day(mapping.get("from")), _day(mapping.get("to"))
    if period not in _KEYS or (period == CUSTOM and (first is None or last is None)):
        period = DEFAULT
    if period == CUSTOM and first is not None and last is not None:
        first, last = _in_order(first, last, today)
    else:
        first, last = preset(period, today)
    return ReportFilters(period, first, last, word_in(mapping.get("channel")), number_in(mapping.get("account")))


def preset(period: str, today: date) -> tuple[date, date]:
    """First and last day of a preset that ends today, or with the month before for ``last-month``."""
    if period == "month":
        return today.replace(day=1), today
    if period == "last-month":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    if period == "year":
        return _months_before(today, 12) + timedelta(days=1), today
    return today - timedelta(days=_DAYS[period] - 1), today


def buckets(filters: ReportFilters) -> Iterator[tuple[date, date]]:
    """First and last day of each bucket of the period: a day, or a month cut to the period."""
    if filters.by_month:
        yield from months(filters.first, filters.last)
        return
    for number in range(filters.days):
        day = filters.first + timedelta(days=number)
        yield day, day


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each month between two days, cut to them; none where they are the other way round."""
    while first <= last:
        following = _next_month(first)
        yield first, min(following - timedelta(days=1), last)
        first = following


def _in_order(first: date, last: date, today: date) -> tuple[date, date]:
    first, last = min(first, last, today), min(max(first, last), today)
    return max(first, last - timedelta(days=LONGEST - 1)), last


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, the last of its month where it has no such day."""
    number = day.year * 12 + day.month - 1 - months
    first = date(number // 12, number % 12 + 1, 1)
    return first.replace(day=min(day.day, (_next_month(first) - timedelta(days=1)).day))


def _day(value: object) -> date | None:
    """A date of the years people count in: figures before and after them are nobody's."""
    try:
        found = date.fromisoformat(word_in(value))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 9000 else None
