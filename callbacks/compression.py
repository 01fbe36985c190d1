"""Answers to callbacks travel compressed: a board's first layout is a tenth of its size then. Public files were compressed
by the build (``statics.py``); pages with a form in them stay as they are, for what is secret in them must not be guessed
from its compressed length.
"""

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 1_400
"""What fits into one packet gains nothing."""
LEVEL = 5
"""Half a millisecond for the largest answer of ours."""


def register(server: Flask) -> None:
    """Compress JSON on its way out."""
    server.after_request(compress)


def compress(response: Response) -> Response:
    """The answer in gzip, where it is JSON of some size and the browser takes it."""
    if response.mimetype != "application/json" or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0 and (response.content_length or 0) >= LEAST_BYTES:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
