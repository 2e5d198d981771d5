from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    return apps.get_model('webhooks', 'Webhook').objects.filter(edition=edition).exists()


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('webhooks', '0001_initial'),
    ]

    operations = [switched_on('webhooks', is_used)]
