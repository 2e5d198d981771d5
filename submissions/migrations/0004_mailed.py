"""Which receipts were mailed. Those of before were, or are of a demo."""

from django.db import migrations, models
from django.db.models.functions import Now


def were_mailed(apps, schema_editor):
    apps.get_model("submissions", "Receipt").objects.update(mailed_at=Now())


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_proof_of_earlier_deposits")]

    operations = [
        migrations.AddField(
            "receipt", "mailed_at", models.DateTimeField(null=True, editable=False)
        ),
        migrations.RunPython(were_mailed, migrations.RunPython.noop, elidable=True),
    ]
