from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    editions = apps.get_model('editions', 'Edition').objects
    return editions.filter(pk=edition, is_graded=True).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
    ]

    operations = [switched_on('grades', is_used)]
