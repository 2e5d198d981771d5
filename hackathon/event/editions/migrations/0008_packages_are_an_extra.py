from django.db import migrations

from hackathon.core.extra_migrations import dropped_if_empty


class Migration(migrations.Migration):
    """A table with rows stays, for the extra."""

    dependencies = [
        ('editions', '0007_announced_minutes'),
    ]

    operations = [
        dropped_if_empty('editions', 'BriefPackage'),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='BriefPackage')],
        ),
    ]
