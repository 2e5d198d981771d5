from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    packages = apps.get_model('packages', 'BriefPackage').objects
    return packages.filter(department__edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('packages', '0001_initial'),
    ]

    operations = [switched_on('packages', is_used)]
