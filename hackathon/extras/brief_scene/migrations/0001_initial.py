import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import hackathon.partners.models
from hackathon.core.extra_migrations import created_if_missing


class Migration(migrations.Migration):
    """The tables are of the app that the scene was a part of."""

    initial = True

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('stage', '0007_scenes_of_extras'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='BriefScene',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('none', 'rien'), ('slides', 'des diapositives'), ('film', 'un film')], default='none', max_length=10)),
                        ('file', models.FileField(blank=True, upload_to=hackathon.partners.models.stored_key)),
                        ('filename', models.CharField(blank=True, max_length=255)),
                        ('sha256', models.CharField(blank=True, max_length=64)),
                        ('slide_seconds', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(600)], verbose_name='secondes par diapositive')),
                        ('works_offline', models.BooleanField(default=True, verbose_name='sans réseau')),
                        ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='brief_scene', to='editions.edition')),
                    ],
                    options={
                        'verbose_name': 'scène du sujet',
                        'db_table': 'stage_briefscene',
                    },
                ),
                migrations.CreateModel(
                    name='ScenePackage',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('file', models.FileField(upload_to=hackathon.partners.models.stored_key)),
                        ('size', models.PositiveBigIntegerField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('contents', models.CharField(max_length=64)),
                        ('key', models.CharField(max_length=43)),
                        ('slides', models.PositiveSmallIntegerField()),
                        ('seconds', models.PositiveIntegerField(default=0)),
                        ('packed_at', models.DateTimeField()),
                        ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='scene_package', to='editions.edition')),
                    ],
                    options={
                        'verbose_name': 'paquet de la scène du sujet',
                        'db_table': 'stage_scenepackage',
                    },
                ),
            ],
        ),
        created_if_missing('brief_scene', 'BriefScene', 'ScenePackage'),
    ]
