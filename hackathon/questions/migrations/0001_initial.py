import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('editions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(max_length=40)),
                ('wording', models.TextField(validators=[django.core.validators.MaxLengthValidator(1000)])),
                ('answer', models.TextField(validators=[django.core.validators.MaxLengthValidator(4000)])),
                ('published_at', models.DateTimeField()),
                ('revision', models.PositiveSmallIntegerField(default=0)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'réponse publiée',
                'verbose_name_plural': 'réponses publiées',
                'ordering': ['-published_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='réponse')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='canned_answers', to='editions.edition')),
            ],
            options={
                'verbose_name': 'réponse toute prête',
                'verbose_name_plural': 'réponses toutes prêtes',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team_pk', models.PositiveBigIntegerField(verbose_name='numéro de l’équipe')),
                ('team_label', models.CharField(max_length=120, verbose_name='équipe, en mots')),
                ('asked_at', models.DateTimeField(verbose_name='posée')),
                ('to', models.CharField(choices=[('organizers', 'l’organisation'), ('client', 'le client')], max_length=12, verbose_name='à qui')),
                ('topic', models.CharField(choices=[('brief', 'le sujet'), ('deliverable', 'un livrable'), ('practical', 'l’organisation pratique'), ('other', 'autre chose')], default='other', max_length=12, verbose_name='à propos de')),
                ('body', models.TextField(validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name='question')),
                ('state', models.CharField(choices=[('open', 'à prendre'), ('taken', 'en cours'), ('answered', 'répondue'), ('closed', 'close')], default='open', max_length=10, verbose_name='état')),
                ('answer', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='réponse')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='réglée')),
                ('revision', models.PositiveSmallIntegerField(default=0, verbose_name='révision')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='posée par')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='editions.department', verbose_name='département')),
                ('duplicate_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='questions.publication', verbose_name='doublon de')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='réglée par')),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prise par')),
            ],
            options={
                'verbose_name': 'question',
                'ordering': ['asked_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'taken'), _negated=True), ('taken_by__isnull', False), _connector='OR'), name='question_taken_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state__in', ('answered', 'closed'))), models.Q(models.Q(('state__in', ('answered', 'closed')), _negated=True), ('settled_at', None), ('settled_by', None)), _connector='OR'), name='question_settled_by_someone'), models.CheckConstraint(condition=models.Q(('state', 'answered'), ('answer', ''), _connector='XOR'), name='question_answered_has_answer'), models.CheckConstraint(condition=models.Q(('duplicate_of', None), ('state', 'closed'), _connector='OR'), name='question_duplicate_is_closed')],
            },
        ),
        migrations.AddField(
            model_name='publication',
            name='question',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='publication', to='questions.question'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['team_pk', 'asked_at'], name='questions_q_team_pk_420383_idx'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('withdrawn_at__gte', models.F('published_at')), _connector='OR'), name='publication_withdrawn_after'),
        ),
    ]
