from django.db import migrations


class Migration(migrations.Migration):
    """The table stays, for the extra."""

    dependencies = [
        ('editions', '0006_edition_extras'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='BriefPackage')],
        ),
    ]
