"""A browser without a screen: keeps cookies, sends forms and callbacks the way the pages do."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.rows import PASSWORD

PAGE = {"Accept": "text/html"}
CALLBACK = "/_dash-update-component"


class Visitor:
    """One browser. ``get`` asks for pages as people do, ``call`` runs a callback as Dash's scripts do."""

    def __init__(self, server: Flask, address: str = "192.0.2.1") -> None:
        self.client = server.test_client()
        self.address = {"REMOTE_ADDR": address}

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=PAGE | headers, environ_base=self.address)

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form with the token of the sign-in page, as any plain page would."""
        return self.client.post(
            path, data={"csrf_token": self.form_token()} | fields, headers=PAGE, environ_base=self.address
        )

    def form_token(self) -> str:
        page = self.get("/sign-in")
        if page.status_code != 200:
            page = self.get("/sign-out")
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.post("/sign-in", sign_in=name, password=password, **fields)

    def sign_out(self) -> TestResponse:
        return self.post("/sign-out")

    def open(self, path: str) -> "Visitor":
        """Load a page, as far as its redirects lead, so that callbacks can be run from it."""
        page = self.client.get(path, headers=PAGE, environ_base=self.address, follow_redirects=True)
        assert page.status_code == 200, page.text
        return self

    def call(self, body: Any, *, token: str | None = None) -> TestResponse:
        """Run a callback with the token of the page, or with another one."""
        headers = {"X-CSRFToken": self.page_token() if token is None else token}
        return self.client.post(CALLBACK, json=body, headers=headers, environ_base=self.address)

    def page_token(self) -> str:
        cookie = self.client.get_cookie("_csrf_token")
        return cookie.value if cookie else ""


class Asker(Visitor):
    """A program that shows a token."""

    def __init__(self, server: Flask, token: str) -> None:
        super().__init__(server)
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def ask(self, path: str) -> TestResponse:
        """Ask the API."""
        return self.client.get(f"/api/v1/{path}", environ_base=self.address)
