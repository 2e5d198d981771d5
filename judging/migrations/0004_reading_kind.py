from django.db import migrations, models


def name_second_readings(apps, schema_editor):
    assignments = apps.get_model("judging", "Assignment").objects
    assignments.filter(is_second=True).update(kind="second")


def number_second_readings(apps, schema_editor):
    assignments = apps.get_model("judging", "Assignment").objects
    assignments.exclude(kind="planned").update(is_second=True)


class Migration(migrations.Migration):
    """Three reasons to read a team, where there were two."""

    dependencies = [("judging", "0003_verdict")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("planned", "du plan"),
                    ("given", "ajoutée par l’organisation"),
                    ("second", "seconde lecture"),
                ],
                default="planned",
                max_length=8,
                verbose_name="pourquoi",
            ),
        ),
        migrations.RunPython(name_second_readings, number_second_readings),
        migrations.RemoveField(model_name="assignment", name="is_second"),
    ]
