"""The program as a whole: what building it does, and what it must not do."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app import create_app
from callbacks.house import KEY
from data.settings import load_settings
from models.problems import BadSetting


@pytest.fixture
def settings(database_url, tmp_path):
    return load_settings({"WATCHROOM_DATABASE_URL": database_url, "WATCHROOM_VAR": str(tmp_path / "var")})


def build(settings):
    server = create_app(settings)
    return server, server.extensions[KEY]


def test_callbacks_run_without_an_event_loop_each(settings):
    _, house = build(settings)
    assert house.dash._use_async is False


def test_there_is_no_second_door_whatever_the_environment_says(settings, monkeypatch):
    monkeypatch.setenv("DASH_MCP_ENABLED", "true")
    server, house = build(settings)
    assert house.dash._enable_mcp is False
    assert not [rule.rule for rule in server.url_map.iter_rules() if "mcp" in rule.rule]


def test_a_second_program_in_the_process_has_its_own_callbacks(settings):
    (_, first), (_, second) = build(settings), build(settings)
    assert first.dash is not second.dash
    assert set(first.dash.callback_map) == set(second.dash.callback_map)
    assert first.dash.callback_map


def test_building_the_program_starts_no_thread(settings):
    before = set(threading.enumerate())
    _, house = build(settings)
    assert set(threading.enumerate()) == before
    assert not house.hub.running


def test_importing_the_program_touches_nothing(tmp_path):
    root = Path(__file__).resolve().parents[2]
    script = "import sys; sys.path.insert(0, sys.argv[1]); import app, threading; assert threading.active_count() == 1"
    subprocess.run([sys.executable, "-c", script, str(root)], cwd=tmp_path, env={}, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_stops_the_start_with_its_name(monkeypatch):
    monkeypatch.setenv("WATCHROOM_PORT", "no number")
    with pytest.raises(BadSetting, match="WATCHROOM_PORT"):
        create_app()
