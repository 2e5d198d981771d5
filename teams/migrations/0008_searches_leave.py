"""Searches for a team leave the core. Their tables stay, for the extra that takes them over. They
refer to the core without constraints, which that extra adds: without it they are in the way of
nothing.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_wanted(apps, schema):
    model = apps.get_model('teams', 'Wanted')
    looking = apps.get_model('teams', 'Team').objects.exclude(wanted='')
    model.objects.bulk_create(
        model(team=team, text=team.wanted, written_at=team.wanted_at or team.registered_at)
        for team in looking
    )


def reference(to, related_name):
    return models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=to)


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0001_initial'),
        ('teams', '0007_student_mail_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Wanted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=140)),
                ('written_at', models.DateTimeField()),
                ('team', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
            ],
            options={'db_table': 'teams_wanted'},
        ),
        migrations.RunPython(keep_wanted, migrations.RunPython.noop),
        migrations.RemoveField(model_name='team', name='wanted'),
        migrations.RemoveField(model_name='team', name='wanted_at'),
        migrations.AlterField('search', 'edition', reference('editions.edition', 'searches')),
        migrations.AlterField('search', 'department', reference('editions.department', '+')),
        migrations.AlterField('search', 'user', reference(settings.AUTH_USER_MODEL, 'searches')),
        migrations.AlterField('invitation', 'team', reference('teams.team', 'invitations')),
        migrations.AlterField('invitation', 'user', reference(settings.AUTH_USER_MODEL, 'invitations')),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='Search'),
                migrations.DeleteModel(name='Invitation'),
                migrations.DeleteModel(name='Wanted'),
            ],
        ),
    ]
