"""What a new workspace starts with. All of it is data from then on: the workspace may change every line."""

from datetime import time, timedelta

from models.calendars import CalendarVersion, Window
from models.waits import Clock

GRADES = (
    ("emergency", "Emergency", "emergency", timedelta(minutes=5), Clock.PUBLIC),
    ("priority", "Priority", "priority", timedelta(minutes=30), Clock.PUBLIC),
    ("standard", "Standard", "standard", timedelta(hours=4), Clock.STAFFED),
)
"""Key, word, look, target and its clock, most urgent first. Source: METRICS.md, Targets."""

REASSESS = (timedelta(minutes=15), timedelta(hours=1), None)
"""How long an assessment holds, by grade: what is urgent is looked at again while it is open. None: for ever."""

TOPICS = (
    "Crime report",
    "Anti-social behaviour",
    "Roads and traffic",
    "Fire and fire safety",
    "Missing person",
    "Domestic abuse",
    "Mental health",
    "Medical",
    "Hate incident",
    "Fraud and scams",
    "Weather and flood",
    "Drones",
    "Noise",
    "Lost property",
    "Events and meetings",
    "Recruitment",
    "Neighbourhood",
    "Thanks",
    "Complaint",
    "Spam",
)

FLAGS = ("vulnerable", "child", "weapon", "media interest", "abuse of staff", "do not ring")
"""What people may flag a conversation with."""

OUTCOMES = (
    ("answered", False),
    ("passed to incident", False),
    ("signposted to 101", False),
    ("signposted to 999", False),
    ("no reply needed", True),
    ("spam", True),
    ("duplicate", True),
)
"""How an episode may end; True is left out of the service level (METRICS.md, Service level)."""


def office_hours(zone: str) -> CalendarVersion:
    """Monday to Friday 09:00 to 17:00, closed on the bank holidays of England, in force since always."""
    return CalendarVersion(
        number=1,
        begins=None,
        zone=zone,
        windows=tuple(Window(weekday, time(9), time(17)) for weekday in range(5)),
        nation="England",
    )
