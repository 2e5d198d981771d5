from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing changes in the database. The table of promises is now that of an extra."""

    dependencies = [
        ('submissions', '0006_promises'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel('Promise'),
                migrations.RemoveConstraint('submission', 'submission_promised_first'),
                migrations.RenameField('submission', 'promised_at', 'announced_at'),
                migrations.AlterField(
                    model_name='submission',
                    name='announced_at',
                    field=models.DateTimeField(db_column='promised_at', editable=False, null=True, verbose_name='compte à'),
                ),
                migrations.AddConstraint(
                    model_name='submission',
                    constraint=models.CheckConstraint(condition=models.Q(('announced_at', None), ('received_at__gte', models.F('announced_at')), _connector='OR'), name='submission_promised_first'),
                ),
                migrations.AlterField(
                    model_name='seal',
                    name='moment',
                    field=models.CharField(choices=[('deadline', 'à l’heure limite'), ('grace', 'après la marge'), ('delays', 'après le dernier délai accordé'), ('promises', 'après l’attente des fichiers annoncés')], max_length=8, verbose_name='moment'),
                ),
            ],
        ),
    ]
