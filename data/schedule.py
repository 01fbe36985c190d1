"""Jobs that come round: the only place that knows APScheduler.

Set up as its defaults would lose runs: late runs are made up once (``coalesce``) up to a quarter of an hour late, no job
overlaps itself, all times are UTC, and what was missed or failed is logged. Jobs that talk to networks share a bounded
pool; our own short ones have a thread to themselves, so that slow networks never hold up the heartbeat.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, timedelta
from enum import StrEnum

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from data.clock import utc_now

GRACE = timedelta(minutes=15)
AT_ONCE = 8

log = structlog.get_logger()

Work = Callable[[], None]


class Pool(StrEnum):
    """Which threads a job runs on."""

    NETWORK = "network"
    OWN = "own"


class Schedule:
    """A scheduler in threads of its own. Times are the machine's, whatever clock the jobs themselves are given."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._in_hand = 0
        self._idle = threading.Condition()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={Pool.NETWORK: ThreadPoolExecutor(at_once), Pool.OWN: ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": int(GRACE.total_seconds())},
        )
        self._scheduler.add_listener(_note, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)

    @property
    def names(self) -> frozenset[str]:
        """The jobs that come round now."""
        return frozenset(job.id for job in self._scheduler.get_jobs())

    def start(self) -> None:
        """Begin; jobs may be added before."""
        self._scheduler.start()

    def stop(self, patience: timedelta) -> bool:
        """Begin no job any more and wait for those in hand, up to ``patience``; whether all of them ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        give_up = time.monotonic() + patience.total_seconds()
        with self._idle:
            return self._idle.wait_for(lambda: self._in_hand == 0, max(give_up - time.monotonic(), 0))

    def every(self, name: str, interval: timedelta, work: Work, pool: Pool, delay: timedelta = timedelta(0)) -> None:
        """Run ``work`` after ``delay``, then at every ``interval``. A job of that name is replaced."""
        grace = max(GRACE, interval)
        self._scheduler.add_job(
            self._run,
            "interval",
            (work,),
            id=name,
            name=name,
            executor=pool,
            seconds=interval.total_seconds(),
            next_run_time=utc_now() + delay,
            misfire_grace_time=int(grace.total_seconds()),
            replace_existing=True,
        )

    def put_off(self, name: str, delay: timedelta) -> None:
        """Let the job's next run be ``delay`` from now. A job that is gone stays gone."""
        with suppress(JobLookupError):
            self._scheduler.modify_job(name, next_run_time=utc_now() + max(delay, timedelta(0)))

    def drop(self, name: str) -> None:
        """Let the job not come round again; a run in hand goes on. A job that is gone stays gone."""
        with suppress(JobLookupError):
            self._scheduler.remove_job(name)

    def _run(self, work: Work) -> None:
        with self._idle:
            self._in_hand += 1
        try:
            work()
        finally:
            with self._idle:
                self._in_hand -= 1
                self._idle.notify_all()


def _note(event: JobEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.warning("job missed", job=event.job_id, due=event.scheduled_run_time.isoformat())
    elif event.code == EVENT_JOB_MAX_INSTANCES:
        log.warning("job still in hand when it was due again", job=event.job_id)
    else:
        log.error("job failed", job=event.job_id, problem=type(event.exception).__name__)
