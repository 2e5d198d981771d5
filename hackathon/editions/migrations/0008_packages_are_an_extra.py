from django.db import migrations


class Migration(migrations.Migration):
    """The table stays, for the extra."""

    dependencies = [
        ('editions', '0007_announced_minutes'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='BriefPackage')],
        ),
    ]
