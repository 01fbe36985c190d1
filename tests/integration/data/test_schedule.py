"""Jobs that come round: nothing overlaps, nothing is lost, and what fails is said."""

import threading
from datetime import UTC, timedelta

import pytest
import structlog
from apscheduler.events import EVENT_JOB_MISSED, JobExecutionEvent

from data.schedule import GRACE, Pool, Schedule
from tests.fakes import NOON

SOON = timedelta(milliseconds=20)
LONG = timedelta(hours=1)
PATIENT = 20.0


@pytest.fixture
def schedule():
    made = Schedule(at_once=2)
    yield made
    made.stop(timedelta(seconds=10))


def test_jobs_are_set_up_so_that_no_run_is_lost(schedule):
    schedule.every("poll", timedelta(hours=2), print, Pool.NETWORK)
    schedule.every("beat", timedelta(seconds=10), print, Pool.OWN)
    schedule.start()
    jobs = {job.id: job for job in schedule._scheduler.get_jobs()}
    assert all(job.coalesce and job.max_instances == 1 for job in jobs.values())
    assert jobs["poll"].misfire_grace_time == 2 * 3600
    assert jobs["beat"].misfire_grace_time == GRACE.total_seconds() >= 10
    assert schedule._scheduler.timezone is UTC


def test_a_job_comes_round(schedule):
    runs = threading.Semaphore(0)
    schedule.every("beat", SOON, runs.release, Pool.OWN)
    schedule.start()
    assert all(runs.acquire(timeout=PATIENT) for _ in range(3))


def test_a_job_put_off_comes_when_it_was_put_off_to(schedule):
    runs = threading.Semaphore(0)
    schedule.every("poll", LONG, runs.release, Pool.NETWORK, LONG)
    schedule.start()
    schedule.put_off("poll", timedelta(0))
    assert runs.acquire(timeout=PATIENT)
    schedule.put_off("nothing", SOON)


def test_slow_networks_hold_up_no_heartbeat(schedule):
    answer, beats = threading.Event(), threading.Semaphore(0)
    for number in range(5):
        schedule.every(f"poll-{number}", LONG, answer.wait, Pool.NETWORK)
    schedule.every("beat", SOON, beats.release, Pool.OWN)
    schedule.start()
    assert all(beats.acquire(timeout=PATIENT) for _ in range(5))
    answer.set()


def test_the_pool_of_networks_is_bounded(schedule):
    answer, entered = threading.Event(), threading.Semaphore(0)

    def ask():
        entered.release()
        answer.wait(PATIENT)

    for number in range(5):
        schedule.every(f"poll-{number}", LONG, ask, Pool.NETWORK)
    beat = threading.Semaphore(0)
    schedule.every("beat", SOON, beat.release, Pool.OWN)
    schedule.start()
    assert entered.acquire(timeout=PATIENT) and entered.acquire(timeout=PATIENT)
    assert all(beat.acquire(timeout=PATIENT) for _ in range(3))
    assert not entered.acquire(blocking=False)
    answer.set()
    assert all(entered.acquire(timeout=PATIENT) for _ in range(3))


def test_a_dropped_job_does_not_come_again(schedule):
    schedule.every("poll", SOON, print, Pool.NETWORK, LONG)
    schedule.start()
    assert schedule.names == {"poll"}
    schedule.drop("poll")
    schedule.drop("poll")
    assert schedule.names == frozenset()


def test_failures_misses_and_overlaps_are_logged_without_what_was_in_them(schedule):
    failed, answer, entered = threading.Semaphore(0), threading.Event(), threading.Semaphore(0)

    def fail():
        failed.release()
        raise ValueError("the text of a private message")

    def slow():
        entered.release()
        answer.wait(PATIENT)

    told = threading.Semaphore(0)
    with structlog.testing.capture_logs() as logs:
        schedule._scheduler.add_listener(lambda _: told.release())
        schedule.every("failing", LONG, fail, Pool.NETWORK)
        schedule.every("slow", SOON, slow, Pool.NETWORK)
        schedule._scheduler._dispatch_event(JobExecutionEvent(EVENT_JOB_MISSED, "late", "default", NOON))
        schedule.start()
        assert failed.acquire(timeout=PATIENT) and entered.acquire(timeout=PATIENT)
        wanted = {"failing", "slow", "late"}
        while not wanted <= {line["job"] for line in tuple(logs) if "job" in line}:
            assert told.acquire(timeout=PATIENT)
        answer.set()
        schedule.stop(timedelta(seconds=10))
    by_job = {line["job"]: line["event"] for line in logs if "job" in line}
    assert by_job == {
        "failing": "job failed",
        "slow": "job still in hand when it was due again",
        "late": "job missed",
    }
    assert "private" not in str(logs)


def test_stopping_waits_for_what_is_in_hand_but_not_for_ever(schedule):
    entered, answer = threading.Event(), threading.Event()

    def ask():
        entered.set()
        answer.wait(PATIENT)

    schedule.every("poll", LONG, ask, Pool.NETWORK)
    schedule.start()
    assert entered.wait(PATIENT)
    assert not schedule.stop(timedelta(milliseconds=50))
    answer.set()
    assert schedule.stop(timedelta(seconds=10))
