from django.db import migrations, models

import hackathon.core.extras


def none_in_existing_editions(apps, _schema):
    """Each extra has a migration that switches it on where it is used."""
    apps.get_model('editions', 'Edition').objects.update(extras=[])


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0005_promise_minutes'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='extras',
            field=models.JSONField(blank=True, default=hackathon.core.extras.installed, editable=False, verbose_name='options'),
        ),
        migrations.RunPython(none_in_existing_editions, migrations.RunPython.noop),
    ]
