from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    return apps.get_model('favourite', 'Favourite').objects.filter(edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('favourite', '0002_favourite'),
    ]

    operations = [switched_on('favourite', is_used)]
