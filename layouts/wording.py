"""How times, numbers and states are said. ``assets/40-ticker.js`` says ages and due times in the same words.

Everything here is pure: the instant that counts as now is an argument, a zone is an IANA name.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.snapshots import AccountCell, AccountState, FirstResponse, ThreadEvent, Wait, WatchWord
from models.snapshots.claims import Looking

DASH = "–"
"""What stands where a figure is not known. Never 0."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

CHANNELS = {
    "x": "X",
    "facebook": "Facebook",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "instagram": "Instagram",
    "web": "Web form",
    "email": "E-mail",
}

KINDS = {"public": "public message", "private": "private message", "listening": "heard, not addressed to us"}

REPLIES = {"public": "public reply", "private": "private reply"}

LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cy": "Welsh",
    "fr": "French",
    "ga": "Irish",
    "gd": "Gaelic",
    "gu": "Gujarati",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "so": "Somali",
    "ur": "Urdu",
    "zh": "Chinese",
}


def age(length: timedelta) -> str:
    """A length of time in at most two units: "<1 min", "47 min", "2 h 31", "3 d 4 h". Less than nothing is "<1 min"."""
    minutes = int(length // MINUTE)
    if minutes < 1:
        return "<1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def short_age(length: timedelta) -> str:
    """An age that counts seconds while it is young: "2 s", then as ``age``."""
    seconds = max(int(length.total_seconds()), 0)
    return f"{seconds} s" if seconds < 60 else age(length)


def due(now: datetime, at: datetime) -> str:
    """Time to a due time or past it: "due in 3:04" (min:s), "due in 1 h 29", "17 min over"."""
    if now >= at:
        return f"{age(now - at)} over"
    left = int((at - now).total_seconds())
    if left < 3600:
        return f"due in {left // 60}:{left % 60:02d}"
    return f"due in {age(at - now)}"


def is_over(now: datetime, at: datetime | None) -> bool:
    """Whether a due time has come."""
    return at is not None and now >= at


def split(text: str) -> tuple[str, str]:
    """The figure and the unit of a length, drawn in two sizes: ("47", "min"), ("2", "h 31"), ("> 2", "h")."""
    marked = text.startswith("> ")
    figure, _, unit = text.removeprefix("> ").partition(" ")
    return (f">{figure}" if marked else figure), unit


def wait(value: Wait | None) -> str:
    """One percentile of a wait; "> 2 h 00" where it is only known to be longer (METRICS.md, Statistics)."""
    if value is None:
        return DASH
    return age(value.length) if value.reached else f"> {age(value.length)}"


def spread(found: FirstResponse) -> str:
    """The range of a few waits in one unit: "3–41 min", "<1–5 h"; a dash where there is none."""
    if found.shortest is None or found.longest is None:
        return DASH
    unit, name = (MINUTE, "min") if found.longest < 100 * MINUTE else (HOUR, "h")
    low, high = int(found.shortest // unit), int(found.longest // unit)
    return f"{low or '<1'}{DASH}{high or '<1'} {name}" if low != high else f"{low or '<1'} {name}"


def target(length: timedelta) -> str:
    """A target in round words: "5 min", "4 h", "1 h 30"."""
    minutes = int(length // MINUTE)
    if minutes and minutes % 60 == 0:
        return f"{minutes // 60} h"
    return age(length)


def number(value: float | None) -> str:
    """A count with thousands set apart, or a dash."""
    return DASH if value is None else f"{value:,.0f}"


def share(value: float | None) -> str:
    """A share (0 to 1) as whole per cent, or a dash. What is not all is never rounded up to 100%, nor something to 0%."""
    if value is None:
        return DASH
    rounded = round(value * 100)
    if value < 1:
        rounded = min(rounded, 99)
    if value > 0:
        rounded = max(rounded, 1)
    return f"{rounded}%"


def rate(value: float | None) -> str:
    """A rate (0 to 1) as per cent to one place: "3.4%"; or a dash."""
    return DASH if value is None else f"{value * 100:.1f}%"


def ratio(value: float | None) -> str:
    """A ratio to two places, or a dash."""
    return DASH if value is None else f"{value:.2f}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 message", "2,611 messages"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def local(at: datetime, zone: str) -> datetime:
    """The same instant on the clock of a zone."""
    return at.astimezone(ZoneInfo(zone))


def clock(at: datetime | None, zone: str) -> str:
    """Local time to the second: "14:32:07"."""
    return DASH if at is None else f"{local(at, zone):%H:%M:%S}"


def hour_minute(at: datetime | None, zone: str) -> str:
    """Local time to the minute: "14:32"."""
    return DASH if at is None else f"{local(at, zone):%H:%M}"


def day(value: date) -> str:
    """A local date without its year: "Mon 12 Oct"."""
    return f"{value:%a} {value.day} {value:%b}"


def dates(first: date, last: date) -> str:
    """Two local dates with as much of each as is needed: "3 to 9 Nov 2026", "28 Dec 2025 to 3 Jan 2026"."""
    end = f"{last.day} {last:%b} {last.year}"
    if first == last:
        return end
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day}{month}{year} to {end}"


def mean(value: float | None) -> str:
    """An average of counts to one place: "0.4", "12"; nothing at all is "0"."""
    if value is None:
        return DASH
    return f"{value:.1f}" if 0 < value < 10 else f"{value:.0f}"


def moment(at: datetime | None, now: datetime, zone: str) -> str:
    """A local time with as much of its date as is needed: "13:45", "12 Oct, 13:45", "12 Oct 2025, 13:45"."""
    if at is None:
        return DASH
    there, today = local(at, zone), local(now, zone)
    if there.date() == today.date():
        return f"{there:%H:%M}"
    year = "" if there.year == today.year else f" {there.year}"
    return f"{there.day} {there:%b}{year}, {there:%H:%M}"


def dated(at: datetime, zone: str) -> str:
    """A local day in full: "Wednesday 14 October 2026"."""
    there = local(at, zone)
    return f"{there:%A} {there.day} {there:%B} {there.year}"


def iso(at: datetime | None) -> str | None:
    """An instant for a ``data-since`` or ``data-due`` attribute; None leaves the attribute out."""
    return None if at is None else at.isoformat()


def channel(key: str) -> str:
    """The name of a network as people write it."""
    return CHANNELS.get(key, key.capitalize() or "unknown channel")


def language(tag: str | None) -> str:
    """The English name of a language where it is not English and we know its name; else the tag, or nothing."""
    base = (tag or "").split("-")[0].lower()
    return "" if base in {"", "en", "und", "qme", "qht", "qam", "qct", "qst", "zxx"} else LANGUAGES.get(base, base)


def spoken(tag: str | None) -> str | None:
    """A language tag that a screen reader knows; None for what networks write where they do not know."""
    base = (tag or "").split("-")[0].lower()
    return base if base in LANGUAGES or base == "en" else None


def since_when(cell: AccountCell) -> datetime | None:
    """The instant from which an account's age on the strip counts."""
    return {
        AccountState.LIVE: cell.last_success,
        AccountState.QUIET: cell.last_message,
        AccountState.FAILING: cell.since or cell.last_success,
        AccountState.DEAD: cell.since or cell.last_success,
    }.get(cell.state, cell.since)


STATE_WORDS = {
    AccountState.AUTH: "no access",
    AccountState.DEAD: "not asked",
    AccountState.FAILING: "no answer",
    AccountState.QUIET: "quiet for",
    AccountState.LIVE: "live,",
    AccountState.PAUSED: "paused",
    AccountState.NEW: "not asked yet",
}
"""What stands before the age on the account strip."""

STATE_LOOKS = {
    AccountState.AUTH: "emergency",
    AccountState.DEAD: "emergency",
    AccountState.FAILING: "priority",
    AccountState.QUIET: "done",
    AccountState.LIVE: "done",
    AccountState.PAUSED: "unknown",
    AccountState.NEW: "unknown",
}
"""The shape and colour of a state: triangle, diamond, tick, hatched ring."""


def account_sentence(cell: AccountCell, now: datetime, zone: str) -> str:
    """What an account's connector does now, as one plain sentence."""
    where = channel(cell.channel)
    begun = since_when(cell)
    lasting = "" if begun is None else age(now - begun)
    match cell.state:
        case AccountState.AUTH:
            when = f" since {moment(cell.since, now, zone)}" if cell.since else ""
            return f"{where} refuses our credentials{when}. Rotate them to go on."
        case AccountState.DEAD:
            return f"Nobody has asked {where} for {lasting or 'three intervals'}. Is the poller running?"
        case AccountState.FAILING:
            reason = f" It said: {cell.reason}." if cell.reason else ""
            return (f"No answer from {where} for {lasting}." if lasting else f"No answer from {where}.") + reason
        case AccountState.QUIET:
            return (
                f"{where} answers; nothing new for {lasting}." if lasting else f"{where} answers; nothing has come yet."
            )
        case AccountState.LIVE:
            return f"{where} answered {lasting} ago." if lasting else f"{where} answers."
        case AccountState.PAUSED:
            return "Paused: nobody asks this network until it is switched on again."
        case AccountState.NEW:
            return f"{where} has not been asked yet; the first answer comes within a minute of the poller's start."


def watch_sentence(cell: AccountCell, now: datetime) -> str:
    """Whether anybody watches an account, as one plain sentence; empty where that is not known."""
    if cell.watch is None:
        return ""
    lasting = age(now - cell.watch.since)
    if cell.watch.state is WatchWord.UNWATCHED:
        return f"Nobody has watched {cell.handle} for {lasting}."
    people = plural(cell.watch.people, "person has", "people have")
    return f"{people} it on an open queue; the last act was {lasting} ago."


def every(interval: timedelta) -> str:
    """How often: "60 s", "5 min"."""
    seconds = int(interval.total_seconds())
    return f"{seconds} s" if seconds < 120 else target(interval)


def ordinal(value: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th") if value % 100 not in {11, 12, 13} else "th"
    return f"{value:,}{ending}"


VERACITIES = {"unconfirmed": "unconfirmed", "true": "confirmed as true", "false": "not true"}
"""How sure anybody is of an incident."""

EVENTS = {
    "claim": "{who} claimed it",
    "release": "{who} gave it back",
    "lapse": "the claim of {former} lapsed: {why}",
    "take over": "{who} took it over from {former}{because}",
    "grade": "graded {grade} by {who}",
    "assess": "{who} assessed it as {grade}",
    "assign": "{who} assigned it to {to}{because}",
    "move": "{who} moved it from {former} to {to}{because}",
    "unassign": "{who} took the assignment away{because}",
    "hand over": "{who} hands it over to {to}: “{note}”",
    "accept hand-over": "{who} accepted the hand-over from {former}",
    "decline hand-over": "{who} declined the hand-over{because}",
    "withdraw hand-over": "{who} took the hand-over back",
    "hand-over timed out": "nobody accepted the hand-over to {to} in time",
    "close": "closed by {who}: {outcome}{because}",
    "snooze": "{who} snoozed it until {until}",
    "wake": "it woke: the time it was snoozed for is over",
    "partner": "{who} left it to a partner: {partner}",
    "resume": "{who} opened it again",
    "undo": "{who} took back {undone}",
    "topic": "topic set to {topic} by {who}",
    "flag": "{who} flagged it “{flag}”",
    "unflag": "{who} took the flag “{flag}” off",
    "note": "{who} wrote a note",
    "note.correct": "{who} corrected a note",
    "note.strike": "{who} struck a note out",
    "merge contact": "{who} said that two identities are this person: {reason}",
    "unmerge contact": "{who} took it back that two identities are this person",
    "merge conversation": "{who} made one thread of two conversations: {reason}",
    "unmerge conversation": "{who} made two conversations of one thread again",
    "incident add": "{who} added it to the incident {incident}",
    "incident remove": "{who} took it out of the incident {incident}",
    "expert.ask": "{who} asked for an expert ({skill})",
    "expert.call off": "{who} called it off that an expert was asked for ({skill})",
    "expert.take": "{who} came as the expert ({skill})",
    "expert.pass": "an expert ({skill}) did not take it{because}",
}
"""What happened, by the action of the audit event."""


UNDONE = {
    "close": "the closing",
    "snooze": "the snooze",
    "partner": "that a partner has it",
    "assess": "the assessment",
    "topic": "the topic",
}
"""What an undo took back, by the action that did it."""


def event(one: ThreadEvent, now: datetime | None = None, zone: str = "UTC") -> str:
    """One event of a conversation as a sentence without its time; an action unknown here is named as it stands.

    Times in it are said on the clock of the zone, with as much of their date as is needed ``now``.
    """
    found = EVENTS.get(one.action, "{who}: " + one.action.replace("{", "").replace("}", ""))
    detail = dict(one.detail)
    if "until" in detail:
        detail["until"] = moment(datetime.fromisoformat(detail["until"]), now or one.at, zone)
    detail |= {name: UNDONE.get(word, word) for name, word in one.detail if name == "undone"}
    because = f": {detail['reason']}" if detail.get("reason") else ""
    return found.format_map(_Detail({"who": one.who, "because": because, **detail})).rstrip(".") + "."


def looking(found: Looking, now: datetime) -> str:
    """Who else is here, and since when its holder has been quiet: "R. Hale is looking at this. C. Rees is writing."."""
    writing = [one.name for one in found.watchers if one.writing]
    reading = [one.name for one in found.watchers if not one.writing]
    said = [
        *([f"{together(reading)} {'is' if len(reading) == 1 else 'are'} looking at this."] if reading else []),
        *([f"{together(writing)} {'is' if len(writing) == 1 else 'are'} writing."] if writing else []),
    ]
    if found.quiet is not None and found.acted is not None and found.lapses is not None:
        left = age(found.lapses - now)
        who, whose = ("You have", "your claim") if found.mine else (f"{found.quiet} has", "the claim")
        said.append(f"{who} done nothing here for {age(now - found.acted)}: {whose} lapses in {left}.")
    return " ".join(said)


def together(names: Sequence[str]) -> str:
    """Names in one breath: "Ann", "Ann and Bob", "Ann, Bob and 3 more"."""
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


class _Detail(dict[str, str]):
    """What is not known of an event is said so."""

    def __missing__(self, key: str) -> str:
        return "not known"
