import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first one refers to a model that `judging` no longer has when the app is new. `judging`
    has made its table.
    """

    replaces = [('favourite', '0001_initial')]

    initial = True

    dependencies = [
        ('editions', '0004_edition_is_graded'),
        ('judging', '0010_hall_vote_is_elsewhere'),
        ('teams', '0003_room_placement'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Favourite',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=80, verbose_name='nom du prix')),
                        ('only_presented', models.BooleanField(default=True, verbose_name='équipes passées sur scène')),
                        ('opened_at', models.DateTimeField(blank=True, null=True)),
                        ('candidates', models.JSONField(default=list)),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('voters', models.PositiveIntegerField(default=0)),
                        ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='favourite', to='editions.edition')),
                        ('winners', models.ManyToManyField(related_name='+', to='teams.team')),
                    ],
                    options={
                        'verbose_name': 'coup de cœur',
                        'db_table': 'judging_favourite',
                        'constraints': [models.CheckConstraint(condition=models.Q(('closed_at', None), ('opened_at__isnull', False), _connector='OR'), name='favourite_closed_after_it_opened')],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name='HasVoted',
            fields=[
                ('voter', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('favourite', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='favourite.favourite')),
            ],
            options={
                'verbose_name': 'personne qui a voté',
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('votes', models.JSONField(default=dict)),
                ('favourite', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='tally', to='favourite.favourite')),
            ],
            options={
                'verbose_name': 'voix du coup de cœur',
            },
        ),
        migrations.CreateModel(
            name='HallBadge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='numéro')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('favourite', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='badges', to='favourite.favourite')),
            ],
            options={
                'verbose_name': 'badge de la salle',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('favourite', 'number'), name='hallbadge_number_once')],
            },
        ),
    ]
