"""What every answer says about itself: where scripts may come from, who may frame it, whether it may be kept."""

from functools import partial

from dash import Dash
from flask import Flask, Response, request
from flask_wtf.csrf import generate_csrf

from callbacks.guard import DASH, PAGE_ENDPOINTS, Open

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CSRF_COOKIE = "_csrf_token"
YEAR = 365 * 86_400


def content_policy(script_hashes: list[str]) -> str:
    """The content security policy. Dash needs inline styles; its inline scripts are named by their hashes."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def register(server: Flask, app: Dash, secure: bool) -> None:
    """Put the headers on every answer. Call it last: the hashes are those of the callbacks registered by then."""
    policy = content_policy(list(app.csp_hashes()))
    headers = ALWAYS | {"Content-Security-Policy": policy}
    if secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    server.after_request(partial(_complete, headers))
    server.after_request(partial(_hand_token, secure))


def _hand_token(secure: bool, response: Response) -> Response:
    """Dash's scripts send this cookie back as a header: what another site cannot do, as it cannot read it."""
    if request.endpoint in PAGE_ENDPOINTS and response.status_code == 200:
        response.set_cookie(CSRF_COOKIE, generate_csrf(), samesite="Lax", secure=secure)
    return response


def _complete(headers: dict[str, str], response: Response) -> Response:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if not _is_public_file(response):
        response.headers["Cache-Control"] = "no-store"
    return response


def _is_public_file(response: Response) -> bool:
    """Scripts, styles and fonts may be kept; a page never, also where anybody may see it: it carries a token."""
    return DASH.get(request.endpoint or "") is Open.ANYBODY and response.status_code in {200, 304}
