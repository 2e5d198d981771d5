from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    return apps.get_model('submissions', 'Seal').objects.filter(edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('submissions', '0007_announced'),
    ]

    operations = [switched_on('proofs', is_used)]
