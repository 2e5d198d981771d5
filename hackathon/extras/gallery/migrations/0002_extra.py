from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    """Also without a row of its own: members have answered who may see their works."""
    memberships = apps.get_model('teams', 'Membership').objects.filter(edition=edition)
    return memberships.exclude(shows_works_to=0).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('gallery', '0001_initial'),
        ('teams', '0005_team_works_hidden_because'),
    ]

    operations = [switched_on('gallery', is_used)]
