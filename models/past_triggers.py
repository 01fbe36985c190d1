"""Triggers that keep what was: made after every migration from the columns that the tables have then.

On SQLite a trigger names every column, and a migration that makes a table anew loses its triggers: so they are compared with
what they should be, and made again where they differ. On Postgres one function writes whatever row it is given.
"""

from sqlalchemy import Connection, inspect, text

from models.past import KEPT, SPAM

SQLITE_EVENT = "coalesce((SELECT max(id) FROM audit_event), 0)"
"""The event of the change under way: it takes its place before the rows are written (docs/decisions/0002)."""

POSTGRES_FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION event_under_way(home bigint) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE newest bigint;
    BEGIN
      SELECT coalesce(max(id), 0) INTO newest FROM audit_event WHERE workspace_id = home;
      RETURN greatest(newest, currval(pg_get_serial_sequence('audit_event', 'id')));
    EXCEPTION WHEN object_not_in_prerequisite_state THEN RETURN newest;
    END $$""",
    """CREATE OR REPLACE FUNCTION keep_former() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE was jsonb; home bigint; until bigint;
    BEGIN
      was := to_jsonb(OLD);
      home := coalesce((was ->> 'workspace_id')::bigint, OLD.id);
      IF TG_OP = 'UPDATE' THEN until := NEW.audit_id; ELSE until := event_under_way(home); END IF;
      INSERT INTO former (workspace_id, entity, row_id, begun_id, ended_id, facts)
      VALUES (home, TG_TABLE_NAME, OLD.id, OLD.audit_id, until, was::text);
      RETURN NULL;
    END $$""",
    """CREATE OR REPLACE FUNCTION keep_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP <> 'INSERT' THEN PERFORM move_volume(to_jsonb(OLD), OLD.hour, -OLD.count); END IF;
      IF TG_OP <> 'DELETE' THEN PERFORM move_volume(to_jsonb(NEW), NEW.hour, NEW.count); END IF;
      RETURN NULL;
    END $$""",
    """CREATE OR REPLACE FUNCTION move_volume(cell jsonb, hour timestamptz, number bigint) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE home bigint; kind text;
    BEGIN
      home := (cell ->> 'workspace_id')::bigint;
      kind := cell ->> 'hours';
      IF cell ? 'spam' THEN
        IF (cell ->> 'spam')::int = 0 THEN RETURN; END IF;
        kind := 'spam';
      END IF;
      INSERT INTO volume_move (workspace_id, hour, account_id, hours, count, event_id)
      VALUES (home, hour, (cell ->> 'account_id')::bigint, kind, number, event_under_way(home));
    END $$""",
)


def keep(connection: Connection) -> None:
    """Bring the triggers to what the tables are now. May run again; changes nothing where nothing has to change."""
    if connection.dialect.name == "sqlite":
        _keep_sqlite(connection)
    else:
        _keep_postgres(connection)


def _keep_sqlite(connection: Connection) -> None:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    there = {name: sql for name, sql in rows}  # noqa: C416 - rows are no pairs to mypy
    for name, wanted in sqlite_triggers(connection).items():
        if there.get(name) != wanted:
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{name}"')
            connection.exec_driver_sql(wanted)


def sqlite_triggers(connection: Connection) -> dict[str, str]:
    """Every trigger by its name, for the columns that the tables have now."""
    found: dict[str, str] = {}
    into = "former (workspace_id, entity, row_id, begun_id, ended_id, facts)"
    for table in KEPT:
        names = [column["name"] for column in inspect(connection).get_columns(table)]
        facts = ", ".join(f"'{name}', OLD.\"{name}\"" for name in names)
        home = "OLD.workspace_id" if "workspace_id" in names else "OLD.id"
        for verb, until in (("UPDATE", "NEW.audit_id"), ("DELETE", SQLITE_EVENT)):
            values = f"{home}, '{table}', OLD.id, OLD.audit_id, {until}, json_object({facts})"
            found |= _after(f"{table}_former_{verb.lower()}", f'{verb} ON "{table}"', into, values)
    return found | _moves("hourly_total", "{row}.hours", "") | _moves("hourly", f"'{SPAM}'", "WHEN {row}.spam = 1")


def _moves(table: str, hours: str, when: str) -> dict[str, str]:
    """How the sums move: those without spam, and spam by itself."""
    found: dict[str, str] = {}
    into = "volume_move (workspace_id, hour, account_id, hours, count, event_id)"
    for verb, row, count in (
        ("INSERT", "NEW", "NEW.count"),
        ("UPDATE", "NEW", "NEW.count - OLD.count"),
        ("DELETE", "OLD", "-OLD.count"),
    ):
        cell = f"{row}.workspace_id, {row}.hour, {row}.account_id, {hours.format(row=row)}"
        act = f'{verb} ON "{table}" {when.format(row=row)}'
        found |= _after(f"{table}_move_{verb.lower()}", act, into, f"{cell}, {count}, {SQLITE_EVENT}")
    return found


def _after(name: str, act: str, into: str, values: str) -> dict[str, str]:
    return {name: f'CREATE TRIGGER "{name}" AFTER {act} BEGIN INSERT INTO {into} VALUES ({values}); END'}  # noqa: S608  # nosec B608


def _keep_postgres(connection: Connection) -> None:
    there = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    wanted = [(f"{table}_former", table, "UPDATE OR DELETE", "keep_former") for table in KEPT]
    wanted += [
        (f"{table}_move", table, "INSERT OR UPDATE OR DELETE", "keep_move") for table in ("hourly", "hourly_total")
    ]
    for function in POSTGRES_FUNCTIONS:
        connection.exec_driver_sql(function)
    for name, table, verbs, function in wanted:
        if name not in there:
            connection.exec_driver_sql(
                f'CREATE TRIGGER "{name}" AFTER {verbs} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {function}()'
            )
