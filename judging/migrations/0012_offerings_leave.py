"""Which juries offer readings leaves the core, as a table without a constraint to it, for the extra
that takes it over.
"""

import django.db.models.deletion
from django.db import migrations, models


def keep_offerings(apps, schema):
    offering = apps.get_model('judging', 'Offering')
    rules = apps.get_model('judging', 'JuryRules').objects.filter(offers_readings=True)
    offering.objects.bulk_create(
        offering(department_id=department)
        for department in rules.values_list('department', flat=True)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0001_initial'),
        ('judging', '0011_remarks_of_extras'),
    ]

    operations = [
        migrations.CreateModel(
            name='Offering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('department', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='editions.department')),
            ],
            options={'db_table': 'judging_offering'},
        ),
        migrations.RunPython(keep_offerings, migrations.RunPython.noop),
        migrations.RemoveField(model_name='juryrules', name='offers_readings'),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='Offering')],
        ),
    ]
