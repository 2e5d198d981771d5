"""Remarks leave the core. Their tables stay, for the extra that takes them over. They refer to the
core without constraints, which that extra adds: without it they are in the way of nothing.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

FIELDS = ('team_reads', 'praise_phrases', 'advice_phrases')
OF_SHEET = ['comment', 'notes', 'finish', 'reopen']


def keep_sentences(apps, schema):
    """A criterion with the defaults needs no row."""
    model = apps.get_model('judging', 'Sentences')
    defaults = Q(team_reads='always', praise_phrases='', advice_phrases='')
    criteria = apps.get_model('judging', 'Criterion').objects.exclude(defaults)
    model.objects.bulk_create(
        model(criterion=criterion, **{name: getattr(criterion, name) for name in FIELDS})
        for criterion in criteria
    )


class Migration(migrations.Migration):

    dependencies = [
        ('judging', '0010_hall_vote_is_elsewhere'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sentences',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team_reads', models.CharField(default='always', max_length=6)),
                ('praise_phrases', models.TextField(blank=True)),
                ('advice_phrases', models.TextField(blank=True)),
                ('criterion', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='sentences', to='judging.criterion')),
            ],
            options={'db_table': 'judging_sentences'},
        ),
        migrations.RunPython(keep_sentences, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name='criterion', name='criterion_team_reads_known'),
        migrations.RemoveField(model_name='criterion', name='team_reads'),
        migrations.RemoveField(model_name='criterion', name='praise_phrases'),
        migrations.RemoveField(model_name='criterion', name='advice_phrases'),
        migrations.AlterField(
            model_name='remark',
            name='criterion',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='judging.criterion'),
        ),
        migrations.AlterField(
            model_name='remark',
            name='sheet',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='judging.scoresheet'),
        ),
        migrations.AlterField(
            model_name='remark',
            name='edited_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='Remark'),
                migrations.DeleteModel(name='Sentences'),
            ],
        ),
        migrations.RemoveConstraint(model_name='sheetchange', name='change_of_a_criterion_names_it'),
        migrations.AlterField(
            model_name='sheetchange',
            name='kind',
            field=models.CharField(choices=[('mark', 'note'), ('comment', 'commentaire'), ('notes', 'notes personnelles'), ('finish', 'terminée'), ('reopen', 'rouverte')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='sheetchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('criterion__isnull', True), ('kind__in', OF_SHEET)), models.Q(models.Q(('kind__in', OF_SHEET), _negated=True), ('criterion__isnull', False)), _connector='OR'), name='change_of_a_criterion_names_it'),
        ),
    ]
