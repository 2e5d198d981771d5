from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "core_journalentry"
POSTGRESQL = [
    """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    f"""
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()
""",
]
SQLITE = {
    act: f"""
CREATE TRIGGER journal_no_{act} BEFORE {act} ON {TABLE}
BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;
"""
    for act in ("update", "delete")
}


def protect(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE.values():
        schema_editor.execute(statement, params=None)


def release(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER journal_append_only ON {TABLE}")
        schema_editor.execute("DROP FUNCTION journal_is_append_only")
    else:
        schema_editor.execute("DROP TRIGGER journal_no_update")
        schema_editor.execute("DROP TRIGGER journal_no_delete")


class Migration(migrations.Migration):
    """A later migration that makes this table anew on SQLite has to make its triggers anew."""

    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(protect, release)]
