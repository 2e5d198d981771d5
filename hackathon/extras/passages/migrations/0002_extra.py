from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    plans = apps.get_model('passages', 'PassagePlan').objects
    return plans.filter(department__edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('passages', '0001_initial'),
    ]

    operations = [switched_on('passages', is_used)]
