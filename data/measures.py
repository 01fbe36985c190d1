"""What the process counts about itself for /metrics. One process, so one registry; names follow Prometheus' rules."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

POLLS = Counter("watchroom_polls", "Polls by channel and how they ended", ("channel", "outcome"), registry=REGISTRY)
POSTS = Counter("watchroom_posts", "Fetched posts by what became of them", ("outcome",), registry=REGISTRY)
INTAKE_SECONDS = Histogram(
    "watchroom_intake_seconds",
    "Seconds to store one fetched page",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
EVENT_LAG_SECONDS = Histogram(
    "watchroom_event_lag_seconds",
    "Seconds from a commit here to the event that tells the screens of it",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
REQUESTS = Counter("watchroom_requests", "Requests by route and status", ("route", "status"), registry=REGISTRY)
SCREENS = Gauge("watchroom_screens", "Live screens open now", registry=REGISTRY)
SESSIONS = Gauge("watchroom_sessions", "Signed-in browsers whose session is good now", registry=REGISTRY)
POLLER_ALIVE = Gauge("watchroom_poller_alive", "1 while the elected poller gives signs of life", registry=REGISTRY)
ACCOUNTS = Gauge("watchroom_accounts", "Accounts by state", ("state",), registry=REGISTRY)


def exposition() -> bytes:
    """Everything in Prometheus' text format."""
    return bytes(generate_latest(REGISTRY))
