from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    return apps.get_model('witness', 'Stamp').objects.filter(edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('witness', '0001_initial'),
    ]

    operations = [switched_on('witness', is_used)]
