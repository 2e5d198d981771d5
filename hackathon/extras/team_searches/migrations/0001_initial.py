import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('editions', '0001_initial'),
        ('teams', '0008_searches_leave'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Their tables are those of the core's migrations, without constraints to it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Wanted',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=140, verbose_name='qui nous cherchons')),
                        ('written_at', models.DateTimeField(verbose_name='écrite')),
                        ('team', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='wanted', to='teams.team', verbose_name='équipe')),
                    ],
                    options={'verbose_name': 'membres cherchés', 'db_table': 'teams_wanted', 'ordering': ['-written_at', '-pk']},
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('invited_at', models.DateTimeField(verbose_name='invitée')),
                        ('declined_at', models.DateTimeField(blank=True, null=True)),
                        ('team', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='teams.team', verbose_name='équipe')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                    ],
                    options={'verbose_name': 'invitation', 'db_table': 'teams_invitation', 'ordering': ['-invited_at', '-pk'], 'constraints': [models.UniqueConstraint(fields=('team', 'user'), name='invitation_once')]},
                ),
                migrations.CreateModel(
                    name='Search',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=140, verbose_name='ce que je cherche')),
                        ('skills', models.CharField(blank=True, max_length=80, verbose_name='ce que je sais faire')),
                        ('written_at', models.DateTimeField(verbose_name='écrite')),
                        ('edition', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='searches', to='editions.edition', verbose_name='édition')),
                        ('department', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='editions.department', verbose_name='département')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='searches', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                    ],
                    options={'verbose_name': 'recherche d’équipe', 'verbose_name_plural': 'recherches d’équipe', 'db_table': 'teams_search', 'ordering': ['-written_at', '-pk'], 'constraints': [models.UniqueConstraint(fields=('edition', 'user'), name='search_once_per_edition')]},
                ),
            ],
        ),
        migrations.AlterField('wanted', 'team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='wanted', to='teams.team', verbose_name='équipe')),
        migrations.AlterField('invitation', 'team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='teams.team', verbose_name='équipe')),
        migrations.AlterField('invitation', 'user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
        migrations.AlterField('search', 'edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='searches', to='editions.edition', verbose_name='édition')),
        migrations.AlterField('search', 'department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='editions.department', verbose_name='département')),
        migrations.AlterField('search', 'user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='searches', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
    ]
