import uuid

import django.db.models.deletion
from django.db import migrations, models

import hackathon.editions.models
from hackathon.core.extra_migrations import created_if_missing


class Migration(migrations.Migration):
    """The table is of the app that packages were a part of."""

    initial = True

    dependencies = [
        ('editions', '0008_packages_are_an_extra'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='BriefPackage',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('file', models.FileField(upload_to=hackathon.editions.models.package_key)),
                        ('size', models.PositiveBigIntegerField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('contents', models.CharField(max_length=64)),
                        ('key', models.CharField(max_length=43)),
                        ('packed_at', models.DateTimeField()),
                        ('unlocked_at', models.DateTimeField(blank=True, null=True)),
                        ('department', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='package', to='editions.department')),
                    ],
                    options={
                        'verbose_name': 'paquet',
                        'db_table': 'editions_briefpackage',
                    },
                ),
            ],
        ),
        created_if_missing('packages', 'BriefPackage'),
    ]
