from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(_apps, _edition):
    return True  # what has been printed leads to pages of this extra


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
    ]

    operations = [switched_on('student_badges', is_used)]
