"""Logs: one JSON object a line on standard error, key facts only.

A fact that is not in ``FACTS`` is left out, and so is every message of an error, because either may hold what people
wrote. Other libraries' records keep their template and lose what was put into it.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import structlog

FACTS = frozenset(
    {
        *("account", "address", "audience", "channel", "connector", "counts", "due", "ended", "endpoint", "failures"),
        *("job", "milliseconds", "next_attempt", "outcome", "pages", "poller", "port", "posts", "problem", "revision"),
        *("audit", "by", "log", "network", "number", "session", "thing", "user", "what", "who"),
        *("route", "screens", "seconds", "signal", "status", "threads", "version", "where", "workspace"),
    }
)
"""What may be said. ``address`` is the one we listen on; a person's never stands in a log."""
ALWAYS = ("at", "level", "event")
LONGEST = 300
STEPS = 8
SECRETS = re.compile(
    r"(?<=://)[^\s/@]+(?=@)|(?i:\b(?:bearer|basic)\s+)\S+|[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w/.-])[A-Za-z0-9_\-]{32,}(?![\w/.-])"
)
"""Names and passwords in addresses, authorisation headers, e-mail addresses, and anything long enough to be a token."""
MASK = "***"


def set_up_logs(level: str = "info", stream: TextIO | None = None) -> None:
    """Send our logs, and those of the libraries, to ``stream`` (standard error where None) as JSON lines."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[structlog.processors.add_log_level, _stamp, _keep_facts, _render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=partial(_printer, stream),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, LibraryHandler)]:
        root.removeHandler(handler)
    root.addHandler(LibraryHandler(stream))
    root.setLevel(max(number, logging.WARNING))


@contextmanager
def logs_of_a_command() -> Iterator[None]:
    """Warnings and worse to standard error while a command runs; before and after, logs are as they were."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    set_up_logs("warning")
    try:
        yield
    finally:
        structlog.configure(**before)
        root.handlers[:] = handlers
        root.setLevel(level)


def _printer(stream: TextIO | None, *_names: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(stream or sys.stderr)


class LibraryHandler(logging.Handler):
    """Writes other libraries' records to the same place."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream
        self.setFormatter(LibraryLines())

    def emit(self, record: logging.LogRecord) -> None:
        """One line; a log that cannot be written stops nobody."""
        with suppress(OSError, ValueError):
            print(self.format(record), file=self._stream or sys.stderr, flush=True)


class LibraryLines(logging.Formatter):
    """Records of other libraries as lines like ours: who, the template of the message, and the kind and place of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        facts: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "event": masked(str(record.msg))}
        facts["library"] = record.name
        if record.exc_info and record.exc_info[1] is not None:
            facts |= facts_of(record.exc_info[1])
        return json.dumps(facts, ensure_ascii=False)


def facts_of(error: BaseException) -> dict[str, Any]:
    """The kind of an error and its innermost steps, without its message."""
    steps = traceback.extract_tb(error.__traceback__)[-STEPS:]
    where = [f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in steps]
    return {"problem": type(error).__name__, "where": where}


def masked(text: str) -> str:
    """The text without what looks like a secret, cut to ``LONGEST`` characters."""
    return SECRETS.sub(MASK, text)[:LONGEST]


def _stamp(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return structlog.processors.TimeStamper(fmt="iso", key="at")(_logger, _method, dict(event))


def _keep_facts(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    kept = {name: event[name] for name in ALWAYS if name in event}
    kept["event"] = masked(str(kept.get("event", "")))
    kept |= {name: _plain(value) for name, value in sorted(event.items()) if name in FACTS}
    error = event.get("exc_info")
    if isinstance(error, BaseException):
        kept |= facts_of(error)
    return kept


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {masked(str(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return masked(str(value))


def _render(_logger: Any, _method: str, event: Mapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False)
