from django.db import migrations

from hackathon.core.extra_migrations import dropped_if_empty


class Migration(migrations.Migration):
    """The tables of passages stay if they have rows, for the app that takes over their models."""

    dependencies = [
        ('judging', '0012_offerings_leave'),
    ]

    operations = [
        dropped_if_empty('judging', 'Passage', 'PassagePlan'),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='Passage'),
                migrations.DeleteModel(name='PassagePlan'),
            ],
        ),
    ]
