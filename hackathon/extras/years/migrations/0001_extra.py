from django.db import migrations

from hackathon.core.extra_migrations import switched_on


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
    ]

    # All existing editions were compared.
    operations = [switched_on('years', lambda _apps, _edition: True)]
