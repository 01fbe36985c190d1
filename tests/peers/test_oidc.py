"""Single sign-on against a certified provider, run from ``PEER_DATA``'s neighbour ``peers`` with npm's ``oidc-provider``.

``OIDC_MODULES`` names the folder whose ``node_modules`` holds it.
"""

import os
import re
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from app import create_app
from callbacks.house import KEY
from data.oidc import Trip, come_back, provider_of, set_out
from data.settings import load_settings
from models.problems import SignOnFailed
from tests.rows import NOW, add_workspace, open_database
from tests.visits import Visitor

MODULES = os.environ.get("OIDC_MODULES", "")
SCRIPT = Path(os.environ.get("PEER_DATA", ".")).resolve().parent / "peers" / "oidc_certified.mjs"

pytestmark = pytest.mark.skipif(not MODULES or not SCRIPT.exists(), reason="set OIDC_MODULES and PEER_DATA")


@pytest.fixture(scope="module")
def issuer():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    node = shutil.which("node")
    run = subprocess.Popen(
        [node, str(SCRIPT)], cwd=MODULES, env=os.environ | {"PORT": str(port)}, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    with requests.Session() as asking:
        asking.mount("http://", HTTPAdapter(max_retries=Retry(total=8, backoff_factor=0.2)))
        asking.get(f"{address}/.well-known/openid-configuration", timeout=5).raise_for_status()
    yield address
    run.kill()
    run.wait()


@pytest.fixture
def settings(database_url, tmp_path, issuer):
    keys = {f"WATCHROOM_{name}_KEY": name[0] * 32 for name in ("SECRET", "AUDIT", "CREDENTIALS")}
    found = load_settings({"WATCHROOM_DATABASE_URL": database_url, "WATCHROOM_VAR": str(tmp_path)} | keys)
    return found.model_copy(
        update={
            "oidc_issuer": issuer,
            "oidc_client_id": "dash",
            "oidc_client_secret": SecretStr("secret-secret-secret-secret-secret"),
            "oidc_groups": "supervisor = north: Supervisor",
        }
    )


def approve(address):
    """Walk through the provider's own pages as a person does, to where it sends the browser back."""
    with requests.Session() as browser:
        page = browser.get(address, timeout=10)
        for _ in range(4):
            form = re.search(r'<form[^>]*action="([^"]+)"', page.text)[1]
            prompt = re.search(r'name="prompt" value="(\w+)"', page.text)[1]
            fields = {"prompt": prompt} | ({"login": "bea", "password": "any"} if prompt == "login" else {})
            page = browser.post(urljoin(page.url, form), data=fields, allow_redirects=False, timeout=10)
            while page.is_redirect:
                target = urljoin(page.url, page.headers["Location"])
                if "/oidc/callback" in target:
                    return target
                page = browser.get(target, allow_redirects=False, timeout=10)
    raise AssertionError(page.text)


def test_somebody_signs_in_at_a_certified_provider(settings):
    from data.clock import utc_now

    database = open_database(settings.database_url)
    add_workspace(database)
    database.close()
    server = create_app(settings, utc_now)
    try:
        visitor = Visitor(server)
        back = approve(visitor.get("/sign-in/oidc?next=/queue").headers["Location"])
        answer = visitor.get(back.partition("8050")[2])
        assert answer.headers["Location"] == "/queue", answer.text
        assert visitor.get("/queue?workspace=north").status_code == 200
        assert visitor.get(back.partition("8050")[2]).status_code == 403
    finally:
        server.extensions[KEY].database.close()


@pytest.mark.parametrize("part", ["verifier", "nonce"])
def test_a_certified_provider_shows_that_verifier_and_nonce_are_looked_at(settings, part):
    from dataclasses import replace
    from urllib.parse import parse_qsl, urlsplit

    from data.clock import utc_now

    provider = provider_of(settings)
    address, trip = set_out(provider)
    answer = dict(parse_qsl(urlsplit(approve(address)).query))
    wrong: Trip = replace(trip, **{part: "x" * 64})
    with pytest.raises(SignOnFailed):
        come_back(provider, wrong, answer, utc_now())
    assert NOW
