from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    """It is made once the results are published, and stores nothing."""
    return True


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
    ]

    operations = [switched_on('static_archive', is_used)]
