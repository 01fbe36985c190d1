"""The part of the report `hours` that plans: how many people each hour needs, and what one more shift would meet."""

from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts import definitions, wording
from layouts.components.attributes import attributes
from layouts.reports import heat, picker
from models.snapshots import HoursReport
from models.staffing import DAYS, LENGTHS, WEEKDAYS, best, covered, uncovered

DAY_WORDS = {"all": "Every day", "weekdays": "Monday to Friday", "weekend": "Saturday and Sunday"}
LENGTH = 8


class Ids(StrEnum):
    NEEDED = "hours-needed-sentence"
    SHIFT = "hours-shift-sentence"
    DAYS = "hours-shift-days"
    BEGINS = "hours-shift-begins"
    LENGTH = "hours-shift-length"
    SAID = "hours-shift-said"


def sections(report: HoursReport) -> list[html.Section]:
    """People by hour where it is known how long an answer takes; a shift where a calendar says when nobody is there."""
    return [*([people(report)] if report.staffing else []), *([shift(report)] if report.share is not None else [])]


def people(report: HoursReport) -> html.Section:
    """How many people each hour of the week needs."""
    assert report.staffing is not None  # noqa: S101 - says to mypy what the caller asked
    table = heat.week("People needed, by local hour of the week", report.staffing.people, wording.number)
    return picker.section("People needed", definitions.STAFFING, Ids.NEEDED, people_sentence(report), table)


def people_sentence(report: HoursReport) -> str:
    """The hour that needs most, and for what."""
    found = report.staffing
    assert found is not None  # noqa: S101 - says to mypy what the caller asked
    known = [(n, day, hour) for day, row in enumerate(found.people) for hour, n in enumerate(row) if n is not None]
    if not known:
        return "No whole hour of this period has gone by yet."
    n, day, hour = max(known, key=lambda one: (one[0], -one[1], -one[2]))
    return (
        f"{heat.DAYS[day]} {hour:02d}:00 needs most: {wording.plural(n, 'person', 'people')} to take up "
        f"{wording.share(found.aim)} within {wording.target(found.target)}, at {wording.age(found.handling)} each."
    )


def shift(report: HoursReport) -> html.Section:
    """One more shift, moved along the day: what it would meet of what comes while nobody is there."""
    begins = best(uncovered(report.week, report.open_share), WEEKDAYS, LENGTH)
    slider = dbc.Input(id=Ids.BEGINS, type="range", min=0, max=23, step=1, value=begins, className="shift-slider")
    fields = html.Div(
        [
            _labelled("On", Ids.DAYS, _select(Ids.DAYS, [(key, DAY_WORDS[key]) for key in DAYS], WEEKDAYS)),
            _labelled("Begins at", Ids.BEGINS, slider),
            _labelled("For", Ids.LENGTH, _select(Ids.LENGTH, [(str(n), f"{n} hours") for n in LENGTHS], str(LENGTH))),
        ],
        className="picker",
        role="group",
        **attributes(aria_label="One more shift"),
    )
    said = html.P(shift_sentence(report, WEEKDAYS, begins, LENGTH), id=Ids.SAID, className="sentence", role="status")
    intro = "Move one more shift to see what it would meet."
    return picker.section("One more shift", definitions.SHIFT, Ids.SHIFT, intro, fields, said)


def shift_sentence(report: HoursReport, days: str, begins: int, hours: int) -> str:
    """What such a shift would meet in an average week, what stays, and when it would meet most."""
    left = uncovered(report.week, report.open_share)
    whole = sum(value or 0.0 for row in left for value in row)
    met = covered(left, days, begins, hours)
    top = best(left, days, hours)
    if not whole:
        return "Nothing came in this period while nobody was there."
    said = (
        f"{DAY_WORDS[days]}, {begins:02d}:00 to {(begins + hours) % 24:02d}:00: {wording.number(met)} of "
        f"{wording.number(whole)} messages a week that nobody was there for, {wording.number(whole - met)} left."
    )
    if covered(left, days, top, hours) <= met:
        return f"{said} No other beginning meets more."
    return f"{said} Beginning at {top:02d}:00 it would meet {wording.number(covered(left, days, top, hours))}."


def _labelled(label: str, part: str, control: Any) -> html.Div:
    return html.Div([html.Label(label, htmlFor=part), control], className="picker-part")


def _select(part: str, options: list[tuple[str, str]], value: str) -> Any:
    return dbc.Select(id=part, options=[{"value": key, "label": name} for key, name in options], value=value, size="sm")
