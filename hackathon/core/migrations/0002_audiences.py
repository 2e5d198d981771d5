"""One row for all the audiences of a message, and when it was written."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat, Now


def delimit(apps, schema_editor):
    bar = Value("|", output_field=models.TextField())
    apps.get_model("core", "LiveMessage").objects.update(
        audiences=Concat(bar, F("audiences"), bar), written_at=F("at")
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RemoveIndex("livemessage", "core_liveme_audienc_a8b3bc_idx"),
        migrations.RenameField("livemessage", "audience", "audiences"),
        migrations.AlterField("livemessage", "audiences", models.TextField()),
        migrations.AlterField("livemessage", "at", models.DateTimeField()),
        migrations.AddField(
            "livemessage", "written_at", models.DateTimeField(db_default=Now(), db_index=True)
        ),
        migrations.RunPython(delimit, migrations.RunPython.noop, elidable=True),
    ]
