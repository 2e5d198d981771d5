import django.db.models.deletion
from django.db import migrations, models


def forget_parts(apps, schema_editor):
    """Parts have no deliverable and can become no submission any more."""
    apps.get_model("submissions", "Upload").objects.filter(deliverable=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0005_words_of_the_fields'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='upload',
            name='upload_for_a_deliverable',
        ),
        migrations.RunPython(forget_parts, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='upload',
            name='deliverable',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='submissions.deliverable'),
        ),
        migrations.RemoveField(
            model_name='upload',
            name='concat',
        ),
        migrations.RemoveField(
            model_name='upload',
            name='part',
        ),
    ]
