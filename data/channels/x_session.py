"""The transport under tweepy: our address, time-outs, a cap on every answer, no redirects, and named failures.

tweepy has neither a base address nor a time-out, reads answers of any size, and fails on errors that are not the JSON
it expects; so every answer is judged here, before tweepy sees it.
"""

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, NewConnectionError, ProxyError, SSLError

from data.channels.contract import (
    ChannelFailure,
    NetworkFault,
    NotAllowed,
    RateLimited,
    Refused,
    Unreachable,
)

_PIECE = 65_536
_NO_SUCH_ACCESS = ("client-forbidden", "oauth1-permissions", "unsupported-authentication")
_LATEST_RESET = timedelta(days=31)


class AnswerLost(Unreachable):
    """The question may have arrived; its answer did not."""


class XSession(requests.Session):
    """A session that speaks to one X API only. ``largest`` is in bytes, time-outs in seconds (``whole`` for all of it)."""

    def __init__(
        self, base: str, *, connecting: float, whole: float, largest: int, clock: Callable[[], datetime]
    ) -> None:
        """Aim at ``base``; nothing is opened yet."""
        super().__init__()
        self._base = base.rstrip("/")
        self._timeouts = (connecting, whole)
        self._largest = largest
        self._clock = clock

    def request(self, method: str | bytes, url: str | bytes, **options: Any) -> requests.Response:  # type: ignore[override]
        """Ask, and give the whole answer if it is a good one. Raises a ``ChannelFailure``.

        The address is ours before the request is signed: a signature covers it.
        """
        route = urlsplit(str(url)).path
        options["auth"] = options.get("auth") or _as_signed
        deadline = time.monotonic() + self._timeouts[1]
        try:
            answer = super().request(
                method, self._base + route, stream=True, allow_redirects=False, timeout=self._timeouts, **options
            )
            body = self._body(answer, deadline)
        except (requests.RequestException, HTTPError, OSError) as why:
            raise _unreached(why) from None
        answer.raw = io.BytesIO(body)
        if not 200 <= answer.status_code < 300:
            raise judged(answer.status_code, answer.headers, body, self._clock())
        return answer

    def _body(self, answer: requests.Response, deadline: float) -> bytes:
        """Read the answer, no more than allowed and no longer than allowed.

        The connection is closed after it: one that was kept and died would leave the fate of a send unknown.
        """
        held = bytearray()
        try:
            while piece := answer.raw.read1(_PIECE, decode_content=True):
                held += piece
                if len(held) > self._largest:
                    raise NetworkFault(f"X's answer is larger than the {self._largest} bytes that are allowed")
                if time.monotonic() > deadline:
                    raise AnswerLost("X did not finish its answer in time")
        finally:
            answer.raw.close()
        return bytes(held)


def judged(status: int, headers: Any, body: bytes, now: datetime) -> ChannelFailure:
    """Name what an answer other than 2xx means. Nothing of its text is repeated: it may quote a post or a key."""
    if status == 429:
        if _problem(body) == "usage-capped":
            return RateLimited("X's monthly allowance for this app is used up", _retry_at(headers, now))
        return RateLimited("X asks for fewer calls", _retry_at(headers, now))
    if status == 401:
        return Refused("X refused the credentials (401)")
    if status == 403 and _problem(body) in _NO_SUCH_ACCESS:
        return Refused("X does not let this app do that (403): check the app's access level and permissions")
    if status == 403:
        return Forbidden("X refused (403)")
    if 400 <= status < 500 and status != 408:
        return NotAllowed(f"X did not accept the call ({status})")
    if 300 <= status < 400:
        return NetworkFault(f"X answered with a redirect ({status}), which is not followed")
    return NetworkFault(f"X has a fault of its own ({status})")


class Forbidden(Refused):
    """A 403 that does not say that the keys are at fault: for a send it is about the post, else about the account."""


def _as_signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep the headers as they are: without this, a password file of the machine would replace the token."""
    return request


def _unreached(why: Exception) -> Unreachable:
    """Tell a question that never left from one whose answer is missing."""
    if isinstance(why, requests.exceptions.ConnectTimeout):
        return Unreachable("X could not be reached: the connection timed out")
    cause = getattr(why.args[0] if why.args else None, "reason", None)
    if isinstance(cause, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(cause):
        return Unreachable("X could not be reached: its certificate is not trusted here")
    if isinstance(cause, (NewConnectionError, ProxyError)):
        return Unreachable("X could not be reached: no connection")
    if isinstance(why, requests.exceptions.Timeout) or "timed out" in str(why).lower():
        return AnswerLost("X did not answer in time")
    if isinstance(why, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Unreachable("X could not be reached: its address cannot be read")
    return AnswerLost("X broke the connection off")


def _problem(body: bytes) -> str:
    """Give the last word of the problem's type, or nothing."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    kind = told.get("type") if isinstance(told, dict) else None
    return kind.rsplit("/", 1)[-1] if isinstance(kind, str) else ""


def _retry_at(headers: Any, now: datetime) -> datetime | None:
    """Read when to call again: the later of ``Retry-After`` (seconds) and ``x-rate-limit-reset``, where sensible."""
    told = [resets(headers)]
    after = str(headers.get("retry-after") or "")
    if after.isascii() and after.isdigit() and len(after) <= 7:
        told.append(now + timedelta(seconds=int(after)))
    sensible = [at for at in told if at is not None and at <= now + _LATEST_RESET]
    return max(sensible, default=None)


def resets(headers: Any) -> datetime | None:
    """Read when the rate limit's window ends."""
    word = str(headers.get("x-rate-limit-reset") or "")
    return datetime.fromtimestamp(int(word), UTC) if word.isascii() and word.isdigit() and len(word) <= 11 else None


def remaining(headers: Any) -> int | None:
    """Read how many calls the window still allows."""
    word = str(headers.get("x-rate-limit-remaining") or "")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 9 else None
