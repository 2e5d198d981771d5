import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('editions', '0001_initial'),
        ('judging', '0012_offerings_leave'),
    ]

    operations = [
        # Its table is that of the core's migration, without a constraint to it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Offering',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('department', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='editions.department', verbose_name='département')),
                    ],
                    options={
                        'verbose_name': 'jury qui propose des lectures',
                        'verbose_name_plural': 'jurys qui proposent des lectures',
                        'db_table': 'judging_offering',
                    },
                ),
            ],
        ),
        migrations.AlterField(
            model_name='offering',
            name='department',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='editions.department', verbose_name='département'),
        ),
    ]
