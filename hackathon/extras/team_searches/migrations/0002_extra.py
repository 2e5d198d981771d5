from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    searches = apps.get_model('team_searches', 'Search').objects
    return searches.filter(edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('team_searches', '0001_initial'),
    ]

    operations = [switched_on('team_searches', is_used)]
