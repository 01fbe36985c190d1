"""Reports as the screens get them, over four days of which the last is still open. Every account is invented."""

from dataclasses import replace
from datetime import date, timedelta

from models.engagement import FIGURES
from models.reporting import ReportFilters
from models.snapshots import (
    AccountChoice,
    ActivityReport,
    Bucket,
    CompareReport,
    CompareRow,
    EngagementReport,
    Fared,
    FaredPost,
    HoursBucket,
    HoursReport,
    Part,
    PartShare,
    ReportHead,
    ResponseBucket,
    ResponseGroup,
    ResponseReport,
    ServiceLevel,
    Staffing,
    TopicRow,
    TopicsReport,
    UsualHour,
    Waits,
    WorkspaceMark,
)
from models.snapshots.survey import SurveyReport
from models.survey import Surveyed
from models.usual import Usual
from tests.factories import GRADES, NORTHSHIRE, NOW, wait

__all__ = ["replace"]

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 15)
BUCKETS = tuple(
    Bucket(FIRST + timedelta(days=n), FIRST + timedelta(days=n), open=n == 3, unknown=n == 0) for n in range(4)
)
PEOPLE = tuple(tuple(None if day == 6 else day + hour // 6 for hour in range(24)) for day in range(7))
WEEK = tuple(tuple(None if day == 6 else float(day * hour) / 10 for hour in range(24)) for day in range(7))


HOURS = tuple(
    UsualHour(
        NOW - timedelta(hours=24 - n),
        (40 if n == 6 else n) if n < 20 else None,
        None if n == 2 else Usual(9.0, 3.0, 15.0),
    )
    for n in range(24)
)


def head(**changes) -> ReportHead:
    known = {
        "workspace": NORTHSHIRE,
        "as_at": NOW,
        "filters": ReportFilters("custom", FIRST, LAST),
        "accounts": (AccountChoice(1, "@northshire", "x"), AccountChoice(2, "=Northshire()", "facebook")),
        "calendar_version": 4,
        "collected_since": FIRST + timedelta(days=1),
    }
    return ReportHead(**{**known, **changes})


def activity(**changes) -> ActivityReport:
    known = {
        "head": head(),
        "buckets": BUCKETS,
        "channels": ("facebook", "x"),
        "counts": ((0, 0), (3, 1), (40, 900), (2, 5)),
        "total": 951,
        "before": 1000,
        "spam": 7,
        "by_channel": (Part("x", 906, 1000), Part("facebook", 45, 0)),
        "by_account": (Part("1", 906, 1000), Part("2", 45, 0)),
        "by_kind": (Part("public", 951, None),),
        "by_grade": (Part("standard", 951, None),),
        "by_topic": (Part("", 951, None),),
        "week": WEEK,
        "hours": HOURS,
    }
    return ActivityReport(**{**known, **changes})


def waits(**changes) -> Waits:
    known = {"n": 143, "unanswered": 2, "median": wait(6), "p90": wait(19), "p95": wait(60, reached=False)}
    return Waits(**{**known, "shortest": None, "longest": None, **changes})


FEW = waits(n=4, unanswered=1, median=None, p90=None, p95=None, shortest=wait(3), longest=wait(95, reached=False))
NONE = waits(n=0, unanswered=0, median=None, p90=None, p95=None)


def group(position="first", grade=None, **changes) -> ResponseGroup:
    known = {"public": waits(), "staffed": waits(median=wait(2)), "service": ServiceLevel(0.91, 140)}
    return ResponseGroup(**{"grade": grade, "position": position, **known, **changes})


def response(**changes) -> ResponseReport:
    groups = [group(), *(group(grade=grade) for grade in GRADES), group("next", public=FEW)]
    known = {
        "head": head(),
        "groups": tuple(groups),
        "before": group(),
        "by_bucket": tuple(
            ResponseBucket(bucket, found, bucket.open)
            for bucket, found in zip(BUCKETS, (NONE, FEW, waits(), waits(p90=wait(300, reached=False))), strict=True)
        ),
        "elsewhere": 0.08,
        "answered": 141,
        "out_of_hours": 12,
        "parts": (
            PartShare("ingestion", timedelta(minutes=10), 0.1),
            PartShare("unclaimed", timedelta(minutes=90), 0.9),
        ),
    }
    return ResponseReport(**{**known, **changes})


def hours(**changes) -> HoursReport:
    shares = ((0, None, None), (4, 0.25, 0.1), (940, 0.54, None), (7, 1.0, 0.5))
    known = {
        "head": head(),
        "by_bucket": tuple(HoursBucket(bucket, *one) for bucket, one in zip(BUCKETS, shares, strict=True)),
        "n": 951,
        "outside": 513,
        "share": 0.54,
        "rate_ratio": 0.5,
        "before": 0.5,
        "a_week": 900.4,
        "week": WEEK,
        "staffing": Staffing(PEOPLE, timedelta(minutes=11), timedelta(minutes=5), 0.9),
        "open_share": tuple(tuple(float(day < 5 and 9 <= hour < 17) for hour in range(24)) for day in range(7)),
    }
    return HoursReport(**{**known, **changes})


def fared(posts=3, engagements=120, rate=0.034, **gained) -> Fared:
    return Fared(posts, engagements, dict.fromkeys(FIGURES) | {"impressions": 3500, "link_clicks": 12} | gained, rate)


def engagement(**changes) -> EngagementReport:
    known = {
        "head": head(),
        "buckets": BUCKETS,
        "by_bucket": ((None, None), (1000, 40), (2500, 90), (None, -10)),
        "sent": 4,
        "total": fared(),
        "before": fared(engagements=100, rate=0.03),
        "by_account": (("1", fared(2)), ("2", fared(1, None, None, impressions=None))),
        "by_tag": (("besafe", fared(1)),),
        "posts": (
            FaredPost(7, 1, NOW - timedelta(days=1), None, "=1+1 Test your alarm #BeSafe", fared(1)),
            FaredPost(8, 2, NOW - timedelta(days=2), 5, "", fared(1, None, None, impressions=None)),
        ),
    }
    return EngagementReport(**{**known, **changes})


def compare(**changes) -> CompareReport:
    north = CompareRow(NORTHSHIRE, 40, 30, 4, 8, 10, 30, 2, 0.5, waits(), ServiceLevel(0.91, 140))
    hub = WorkspaceMark("eastfield", "Eastfield hub", "Europe/London")
    return CompareReport(
        **{
            "head": head(),
            "rows": (north, CompareRow(hub, 20, None, 0, 1, 0, 9, 0, None, FEW, ServiceLevel(0.8, 5))),
            **changes,
        }
    )


def topics(**changes) -> TopicsReport:
    rows = (
        TopicRow("Roads", 40, 3, (30, 10), (7,)),
        TopicRow("Drones", 10, 0, (10, 0), (0,)),
        TopicRow("=Noise()", 5, 0, (5, 0), (1,)),
        TopicRow("", 45, 1, (40, 5), (3,)),
    )
    known = {"head": head(), "accounts": ("1", "2"), "workspaces": ("Eastfield hub",), "messages": 100, "posts": 4}
    return TopicsReport(**{**known, "rows": rows, **changes})


def survey(**changes) -> SurveyReport:
    found = Surveyed(closed=80, asked=50, no=3, call=6, other=1, unsure=10)
    known = {"head": head(), "total": found, "by_month": (("2026-10", found),), "by_channel": (("x", found),)}
    return SurveyReport(**{**known, **changes})
