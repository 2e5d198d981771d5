from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    return apps.get_model('promises', 'Promise').objects.filter(team__edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('promises', '0001_initial'),
    ]

    operations = [switched_on('promises', is_used)]
