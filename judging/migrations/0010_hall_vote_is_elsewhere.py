from django.db import migrations


class Migration(migrations.Migration):
    """Its table stays, with the rows, for the app that has the model now."""

    dependencies = [
        ('judging', '0009_letters'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel('Favourite')]),
    ]
