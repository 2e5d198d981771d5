from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    visits = apps.get_model('rounds', 'RoundVisit').objects.filter(team__edition=edition)
    check_ins = apps.get_model('rounds', 'CheckIn').objects.filter(edition=edition)
    return visits.exists() or check_ins.exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('rounds', '0001_initial'),
    ]

    operations = [switched_on('rounds', is_used)]
