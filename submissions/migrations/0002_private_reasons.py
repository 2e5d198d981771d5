from django.apps.registry import Apps
from django.db import migrations, models


def make_reasons_private(apps: Apps, _editor: object) -> None:
    """What was written before may be about health: it becomes the private part everywhere."""
    extensions = apps.get_model("submissions", "Extension").objects
    extensions.update(private_reason=models.F("reason"))
    extensions.update(reason="")
    for entry in apps.get_model("core", "JournalEntry").objects.filter(act__startswith="extension."):
        entry.detail.pop("reason", None)
        entry.save(update_fields=["detail"])
    messages = apps.get_model("core", "LiveMessage").objects
    for message in messages.filter(type__startswith="extension."):
        message.data["reason"] = ""
        message.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial"), ("core", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="extension",
            name="private_reason",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="note de l’organisation"
            ),
        ),
        migrations.AlterField(
            model_name="extension",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="motif"),
        ),
        migrations.RunPython(make_reasons_private, migrations.RunPython.noop, elidable=True),
    ]
