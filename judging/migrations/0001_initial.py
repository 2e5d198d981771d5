import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('editions', '0001_initial'),
        ('teams', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ceremony',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveSmallIntegerField(default=0)),
                ('is_blank', models.BooleanField(default=False, verbose_name='écran noir')),
                ('is_rehearsal', models.BooleanField(default=True, verbose_name='répétition')),
                ('moved_at', models.DateTimeField()),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ceremony', to='editions.edition')),
                ('moved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'cérémonie',
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='critère')),
                ('guidance', models.TextField(blank=True, verbose_name='repères pour noter')),
                ('weight', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='coefficient')),
                ('scale', models.PositiveSmallIntegerField(choices=[(5, '5'), (10, '10'), (20, '20')], default=20, verbose_name='noté sur')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='editions.department', verbose_name='département')),
            ],
            options={
                'verbose_name': 'critère',
                'verbose_name_plural': 'critères',
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weight__gte', 1)), name='criterion_weighs'), models.CheckConstraint(condition=models.Q(('scale__in', [5, 10, 20])), name='criterion_scale_known')],
            },
        ),
        migrations.CreateModel(
            name='Deliberation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='motif')),
                ('order_confirmed', models.BooleanField(default=False, verbose_name='ordre confirmé')),
                ('basis', models.CharField(blank=True, editable=False, max_length=64, verbose_name='état des notes')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='ouverte à la signature')),
                ('locked_at', models.DateTimeField(blank=True, null=True, verbose_name='verrouillée')),
                ('record', models.JSONField(blank=True, default=dict, verbose_name='pièces gardées')),
                ('salt', models.CharField(blank=True, max_length=64, verbose_name='sel')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='empreinte')),
                ('struck', models.JSONField(blank=True, default=list, verbose_name='empreintes annulées')),
                ('department', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='deliberation', to='editions.department', verbose_name='département')),
                ('locked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verrouillée par')),
            ],
            options={
                'verbose_name': 'délibération',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('digest', ''), ('locked_at__isnull', True), ('locked_by__isnull', True)), models.Q(('locked_at__isnull', False), ('locked_by__isnull', False)), _connector='OR'), name='deliberation_locked_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rang')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='prix spécial')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='teams.team', verbose_name='équipe')),
                ('deliberation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awards', to='judging.deliberation', verbose_name='délibération')),
            ],
            options={
                'verbose_name': 'prix',
                'verbose_name_plural': 'prix',
                'ordering': ['rank', 'title', 'team__name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('rank__isnull', False)), fields=('deliberation', 'team'), name='award_once_per_team'), models.UniqueConstraint(condition=models.Q(('rank__isnull', True)), fields=('deliberation', 'team', 'title'), name='special_award_once'), models.CheckConstraint(condition=models.Q(models.Q(('rank__gte', 1), ('title', '')), models.Q(('rank__isnull', True), models.Q(('title', ''), _negated=True)), _connector='OR'), name='award_is_place_or_special')],
            },
        ),
        migrations.CreateModel(
            name='Juror',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('teacher', 'équipe enseignante'), ('client', 'client')], default='teacher', max_length=10, verbose_name='qualité')),
                ('is_president', models.BooleanField(default=False, verbose_name='préside le jury')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='a quitté le jury')),
                ('badge', models.CharField(blank=True, max_length=128, verbose_name='badge (haché)')),
                ('pin', models.CharField(blank=True, max_length=128, verbose_name='code (haché)')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jurors', to='editions.department', verbose_name='département')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='juries', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
            ],
            options={
                'verbose_name': 'juré',
                'ordering': ['-is_president', 'user__name'],
                'constraints': [models.UniqueConstraint(fields=('department', 'user'), name='juror_once_per_jury'), models.UniqueConstraint(condition=models.Q(('badge', ''), _negated=True), fields=('badge',), name='juror_badge_once')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('planned', 'du plan'), ('given', 'ajoutée par l’organisation'), ('second', 'seconde lecture')], default='planned', max_length=8, verbose_name='pourquoi')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='teams.team')),
                ('juror', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='judging.juror')),
            ],
            options={
                'verbose_name': 'affectation',
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('juror', 'team'), name='assignment_once')],
            },
        ),
        migrations.CreateModel(
            name='JuryRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('harmonised', 'moyenne harmonisée'), ('mean', 'moyenne simple'), ('median', 'médiane')], default='harmonised', max_length=12, verbose_name='méthode')),
                ('readings', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1)], verbose_name='lectures par équipe')),
                ('separation', models.DecimalField(decimal_places=2, default=Decimal('0.80'), max_digits=3, validators=[django.core.validators.MinValueValidator(Decimal('0.50')), django.core.validators.MaxValueValidator(Decimal('0.99'))], verbose_name='probabilité qui départage')),
                ('seed', models.PositiveIntegerField(default=1, verbose_name='graine du tirage')),
                ('department', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='jury_rules', to='editions.department', verbose_name='département')),
            ],
            options={
                'verbose_name': 'règles du jury',
                'verbose_name_plural': 'règles des jurys',
                'constraints': [models.CheckConstraint(condition=models.Q(('readings__gte', 1)), name='jury_reads_each_team'), models.CheckConstraint(condition=models.Q(('separation__gte', Decimal('0.5')), ('separation__lte', Decimal('0.99'))), name='jury_separation_is_likely')],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deliberation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nominations', to='judging.deliberation', verbose_name='délibération')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='teams.team', verbose_name='équipe')),
            ],
            options={
                'verbose_name': 'nomination',
                'constraints': [models.UniqueConstraint(fields=('deliberation', 'team'), name='nomination_once')],
            },
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='motif')),
                ('made_at', models.DateTimeField()),
                ('juror', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='judging.juror')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='teams.team')),
            ],
            options={
                'verbose_name': 'déport',
                'constraints': [models.UniqueConstraint(fields=('juror', 'team'), name='recusal_once')],
            },
        ),
        migrations.CreateModel(
            name='ScoreSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'brouillon'), ('final', 'terminée')], default='draft', max_length=5, verbose_name='état')),
                ('comment', models.TextField(blank=True, max_length=4000, verbose_name='commentaire pour l’équipe')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes personnelles')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='version')),
                ('changed_at', models.DateTimeField(verbose_name='dernier changement')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminée')),
                ('juror', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='judging.juror', verbose_name='juré')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='teams.team', verbose_name='équipe')),
            ],
            options={
                'verbose_name': 'fiche',
                'constraints': [models.UniqueConstraint(fields=('juror', 'team'), name='sheet_once_per_juror_and_team'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'draft')), models.Q(('finished_at__isnull', False), ('state', 'final')), _connector='OR'), name='sheet_final_has_instant')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='note')),
                ('seen', models.JSONField(default=list, verbose_name='dépôts regardés')),
                ('changed_at', models.DateTimeField(verbose_name='dernier changement')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='judging.criterion', verbose_name='critère')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='judging.scoresheet', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'note',
                'constraints': [models.UniqueConstraint(fields=('sheet', 'criterion'), name='score_once_per_criterion'), models.CheckConstraint(condition=models.Q(('value__gte', 0), ('value__lte', 20)), name='score_in_scale')],
            },
        ),
        migrations.CreateModel(
            name='SheetChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('kind', models.CharField(choices=[('mark', 'note'), ('comment', 'commentaire'), ('notes', 'notes personnelles'), ('finish', 'terminée'), ('reopen', 'rouverte')], max_length=8)),
                ('value', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField()),
                ('device', models.CharField(blank=True, max_length=36)),
                ('given_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='judging.criterion')),
                ('juror', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='judging.juror')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='judging.scoresheet')),
            ],
            options={
                'verbose_name': 'changement',
                'ordering': ['version'],
                'constraints': [models.UniqueConstraint(fields=('juror', 'key'), name='change_once_per_key'), models.UniqueConstraint(fields=('sheet', 'version'), name='change_one_per_version'), models.CheckConstraint(condition=models.Q(models.Q(('criterion__isnull', False), ('kind', 'mark')), models.Q(models.Q(('kind', 'mark'), _negated=True), ('criterion__isnull', True)), _connector='OR'), name='change_of_a_mark_has_criterion')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_at', models.DateTimeField()),
                ('deliberation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='judging.deliberation')),
                ('juror', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='judging.juror')),
            ],
            options={
                'verbose_name': 'signature',
                'ordering': ['signed_at'],
                'constraints': [models.UniqueConstraint(fields=('deliberation', 'juror'), name='signature_once')],
            },
        ),
    ]
