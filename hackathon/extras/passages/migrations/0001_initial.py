import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import hackathon.extras.passages.models
from hackathon.core.extra_migrations import created_if_missing


class Migration(migrations.Migration):
    """The tables are of the app that passages were a part of."""

    initial = True

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('judging', '0013_passages_leave'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='PassagePlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('speaking_minutes', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='minutes pour parler')),
                        ('questions_minutes', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='minutes de questions')),
                        ('order', models.JSONField(blank=True, default=list)),
                        ('seed', models.CharField(blank=True, max_length=64)),
                        ('word', models.CharField(blank=True, max_length=60)),
                        ('department', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='passage_plan', to='editions.department')),
                    ],
                    options={
                        'verbose_name': 'passages d’un département',
                        'db_table': 'judging_passageplan',
                        'constraints': [models.CheckConstraint(condition=models.Q(('questions_minutes__range', (1, 60)), ('speaking_minutes__range', (1, 60))), name='passageplan_minutes')],
                    },
                ),
                migrations.CreateModel(
                    name='Passage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('team_key', models.CharField(max_length=30)),
                        ('page', models.PositiveSmallIntegerField(default=1)),
                        ('phase', models.CharField(choices=[('speaking', 'présentation'), ('questions', 'questions')], default='speaking', max_length=9)),
                        ('phase_at', models.DateTimeField()),
                        ('changes', models.PositiveIntegerField(default=0)),
                        ('token', models.CharField(default=hackathon.extras.passages.models.new_token, max_length=32, unique=True)),
                        ('ceremony', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='judging.ceremony')),
                    ],
                    options={
                        'verbose_name': 'passage',
                        'db_table': 'judging_passage',
                        'constraints': [models.UniqueConstraint(fields=('ceremony', 'team_key'), name='passage_once'), models.CheckConstraint(condition=models.Q(('page__gte', 1)), name='passage_page_from_one'), models.CheckConstraint(condition=models.Q(('phase__in', ['speaking', 'questions'])), name='passage_known_phase')],
                    },
                ),
            ],
        ),
        created_if_missing('passages', 'PassagePlan', 'Passage'),
    ]
