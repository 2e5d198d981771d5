import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table is that of `submissions.0006_promises`."""

    initial = True

    dependencies = [
        ('submissions', '0007_announced'),
        ('teams', '0004_works_shown_to'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Promise',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3)], verbose_name='numéro')),
                        ('code', models.CharField(max_length=16, unique=True, verbose_name='code')),
                        ('size', models.PositiveBigIntegerField(verbose_name='taille (octets)')),
                        ('digest', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                        ('received_at', models.DateTimeField(verbose_name='réception')),
                        ('client_at', models.DateTimeField(null=True, verbose_name='heure de l’ordinateur')),
                        ('deliverable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='submissions.deliverable', verbose_name='livrable')),
                        ('kept_by', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promise', to='submissions.submission', verbose_name='tenu par')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saisi par')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='teams.team', verbose_name='équipe')),
                    ],
                    options={
                        'verbose_name': 'engagement',
                        'db_table': 'submissions_promise',
                        'ordering': ['received_at', 'id'],
                        'constraints': [
                            models.UniqueConstraint(fields=('team', 'deliverable', 'number'), name='promise_number_once'),
                            models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 3)), name='promise_few'),
                        ],
                    },
                ),
            ],
        ),
    ]
