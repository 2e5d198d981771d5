from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    offerings = apps.get_model('offered_readings', 'Offering').objects
    return offerings.filter(department__edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('offered_readings', '0001_initial'),
    ]

    operations = [switched_on('offered_readings', is_used)]
