from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RELEASED = "EXISTS (SELECT 1 FROM core_journalrelease)"
POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {RELEASED} THEN RETURN COALESCE(NEW, OLD); END IF;
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
SQLITE = {
    act: f"""
CREATE TRIGGER journal_no_{act} BEFORE {act} ON core_journalentry WHEN NOT {RELEASED}
BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;
"""
    for act in ("update", "delete")
}


def let_release(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for act, statement in SQLITE.items():
        schema_editor.execute(f"DROP TRIGGER journal_no_{act}", params=None)
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """The triggers let a transaction change the journal in which `core_journalrelease` has a row.

    Only `core.journal.released` writes that row, and it deletes it in the same transaction.
    """

    dependencies = [("core", "0002_journal_append_only")]

    operations = [
        migrations.CreateModel(
            "JournalRelease",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                )
            ],
        ),
        migrations.RunPython(let_release),
    ]
