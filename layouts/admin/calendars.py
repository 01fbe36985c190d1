"""The calendar: its versions, the exceptions to come, and the week of a new version."""

from datetime import timedelta
from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.admin.weeks import short, week_fields
from layouts.components import forms
from models.calendars import NATIONS
from models.snapshots.admin import CalendarsPage, VersionRow

HEADERS = ("Version", "In force", "Week", "Bank holidays", "Exceptions", "Change")
NOBODYS = "none"
LINES = "One a line: the day, its hours or “closed”, and why. Such as: 2026-12-24 09:00-12:00 Christmas Eve"


def body(found: CalendarsPage) -> list[Any]:
    """The versions, then the two forms and the bank holidays beside each other."""
    rows = [_row(one, found) for one in found.versions]
    held = next((one for one in found.versions if one.in_force), None)
    cards = [_new(held, found), *([_exceptions(held)] if held else []), _holidays(found)]
    empty = "No calendar yet: every hour counts as staffed. Add a version with the form below."
    return [table("Versions of the calendar", HEADERS, rows, empty), html.Div(cards, className="cards")]


def _row(one: VersionRow, found: CalendarsPage) -> html.Tr:
    state = "now" if one.in_force else "to come" if one.to_come else "over"
    begins = "since always" if one.begins is None else f"from {_moment(one)}"
    drop = forms.button("Take back", "calendars.drop", one.number, described=f"Take back version {one.number}")
    exceptions = [f"{wording.day(day)} {hours or 'closed'}, {label}" for day, hours, label in one.exceptions]
    cells = [
        f"{begins}, {state}",
        short(one.week),
        _holiday_words(one),
        html.Ul([html.Li(each) for each in exceptions]) if exceptions else "none",
        drop if one.to_come else "",
    ]
    return row(HEADERS, f"Version {one.number}", cells, here=one.in_force)


def _moment(one: VersionRow) -> str:
    return f"{wording.local(one.begins, one.zone):%d %b %Y, %H:%M}".lstrip("0") if one.begins else wording.DASH


def _holiday_words(one: VersionRow) -> str:
    if one.nation is None:
        return "not kept"
    if not one.closed_on_holidays:
        return f"of {one.nation}: the week holds"
    return f"of {one.nation}: {one.holiday_hours or 'closed'}"


def _new(held: VersionRow | None, found: CalendarsPage) -> html.Div:
    form = forms.Form("calendars.add")
    nations = [(NOBODYS, "Nobody's"), *((one, one) for one in NATIONS)]
    tomorrow = (found.today + timedelta(days=1)).isoformat()
    return html.Div(
        form.draw(
            "A new version",
            form.text(
                "begins", "In force from", tomorrow, kind="date", hint="What was counted until then stays as it was."
            ),
            week_fields(form, held.week if held else ("",) * 7),
            form.choice("nation", "Bank holidays of", nations, (held and held.nation) or NOBODYS),
            form.check("closed", "Bank holidays have hours of their own", held.closed_on_holidays if held else True),
            form.text("holiday", "Hours on bank holidays", held.holiday_hours if held else "", hint="Nothing: closed."),
            form.area("exceptions", "Exceptions", _lines(held, found) if held else "", hint=LINES),
            form.save("Add the version"),
            top=True,
        ),
        className="card",
    )


def _lines(one: VersionRow, found: CalendarsPage) -> str:
    """Exceptions to come, for a version that begins tomorrow."""
    return "\n".join(_line(*each) for each in one.exceptions if each[0] > found.today)


def _line(day: Any, hours: str, label: str) -> str:
    return f"{day.isoformat()} {hours.replace(', ', ',') or 'closed'} {label}"


def _exceptions(held: VersionRow) -> html.Div:
    form = forms.Form("calendars.exceptions", held.number)
    return html.Div(
        form.draw(
            "Exceptions of the version in force",
            form.area(
                "exceptions",
                "Exceptions",
                "\n".join(_line(*each) for each in held.exceptions),
                hint=f"{LINES}. They beat the week and bank holidays. Days from tomorrow on may change.",
                rows=8,
            ),
            form.save("Save exceptions"),
            top=True,
        ),
        className="card",
    )


def _holidays(found: CalendarsPage) -> html.Div:
    listed = [
        html.Li([html.Span(f"{wording.day(day)} {day.year}"), html.Span(name, className="aside")])
        for day, name in found.holidays
    ]
    empty = html.P("The version in force keeps nobody's bank holidays.", className="aside")
    return html.Div(
        [html.H2("Bank holidays to come"), html.Ul(listed, className="plain-list") if listed else empty],
        className="card",
    )
