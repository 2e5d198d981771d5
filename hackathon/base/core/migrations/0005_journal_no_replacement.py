from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# SQLite deletes the former row of `INSERT OR REPLACE` without the trigger for DELETE.
SQLITE = """
CREATE TRIGGER journal_no_replacement BEFORE INSERT ON core_journalentry
WHEN NOT EXISTS (SELECT 1 FROM core_journalrelease)
    AND EXISTS (SELECT 1 FROM core_journalentry WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;
"""


def protect(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE, params=None)


def release(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER journal_no_replacement", params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0004_failed_mails")]

    operations = [migrations.RunPython(protect, release)]
