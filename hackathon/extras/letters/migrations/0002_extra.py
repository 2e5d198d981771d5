from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    remarks = apps.get_model('letters', 'Remark').objects
    return remarks.filter(sheet__team__edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('letters', '0001_initial'),
    ]

    operations = [switched_on('letters', is_used)]
