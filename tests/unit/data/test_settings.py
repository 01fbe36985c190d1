"""Settings as they may turn up in a log or an error."""

from data.settings import load_settings


def test_settings_show_no_secret_however_they_are_printed():
    secrets = {name: f"{name}-secret" * 4 for name in ("SECRET_KEY", "AUDIT_KEY", "CREDENTIALS_KEY", "METRICS_TOKEN")}
    environment = {f"WATCHROOM_{name}": value for name, value in secrets.items()}
    settings = load_settings(environment | {"WATCHROOM_DATABASE_URL": "postgresql://ann:hunter2@db/watchroom"})
    for said in (repr(settings), str(settings), f"{[settings]}"):
        assert "hunter2" not in said
        assert not [name for name, value in secrets.items() if value in said]
    assert "hunter2" in settings.database_url
