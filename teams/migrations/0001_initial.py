import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import teams.models
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
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='nom de l’équipe')),
                ('room', models.CharField(blank=True, max_length=20, verbose_name='salle')),
                ('floor', models.SmallIntegerField(blank=True, help_text='0 pour le rez-de-chaussée', null=True, validators=[django.core.validators.MinValueValidator(-5), django.core.validators.MaxValueValidator(60)], verbose_name='étage')),
                ('project', models.CharField(blank=True, help_text='C’est ainsi que le jury et l’écran le nomment.', max_length=160, verbose_name='titre du projet')),
                ('join_code', models.CharField(default=teams.models.new_join_code, editable=False, max_length=12, unique=True, verbose_name='code d’équipe')),
                ('registered_at', models.DateTimeField(verbose_name='inscrite')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='editions.department', verbose_name='département')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='editions.edition', verbose_name='édition')),
            ],
            options={
                'verbose_name': 'équipe',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(models.F('edition'), django.db.models.functions.text.Lower('name'), name='team_name_in_edition')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_captain', models.BooleanField(default=False, verbose_name='capitaine')),
                ('joined_at', models.DateTimeField(verbose_name='entrée dans l’équipe')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='editions.edition', verbose_name='édition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='teams.team', verbose_name='équipe')),
            ],
            options={
                'verbose_name': 'membre',
                'ordering': ['-is_captain', 'joined_at'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'user'), name='membership_one_per_edition'), models.UniqueConstraint(condition=models.Q(('is_captain', True)), fields=('team',), name='membership_one_captain')],
            },
        ),
        migrations.CreateModel(
            name='HelpRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('client', 'client'), ('teacher', 'professeur'), ('technical', 'technique')], max_length=10, verbose_name='qui')),
                ('note', models.CharField(blank=True, max_length=160, verbose_name='à quel sujet')),
                ('place', models.CharField(blank=True, max_length=60, verbose_name='où')),
                ('state', models.CharField(choices=[('waiting', 'en attente'), ('claimed', 'prise en charge'), ('coming', 'en route'), ('done', 'terminée'), ('withdrawn', 'retirée')], default='waiting', max_length=10, verbose_name='état')),
                ('requested_at', models.DateTimeField(verbose_name='appel')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='pris en charge')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='clos')),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='pris en charge par')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='appelé par')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='help_requests', to='teams.team', verbose_name='équipe')),
            ],
            options={
                'verbose_name': 'demande d’aide',
                'verbose_name_plural': 'demandes d’aide',
                'ordering': ['requested_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'claimed', 'coming'))), fields=('team',), name='help_one_open_per_team'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_at__isnull', True), ('claimed_by__isnull', True)), models.Q(('claimed_at__isnull', False), ('claimed_by__isnull', False)), _connector='OR'), name='help_claimed_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_at__isnull', True), ('state', 'waiting')), models.Q(('claimed_at__isnull', False), ('state__in', ['claimed', 'coming', 'done'])), ('state', 'withdrawn'), _connector='OR'), name='help_held_is_claimed'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state__in', ('waiting', 'claimed', 'coming'))), models.Q(('closed_at__isnull', False), ('state__in', ['done', 'withdrawn'])), _connector='OR'), name='help_closed_has_instant')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('client', 'client'), ('teacher', 'professeur'), ('technical', 'technique')], max_length=10, verbose_name='répond comme')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='editions.department', verbose_name='département')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='editions.edition', verbose_name='édition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
            ],
            options={
                'verbose_name': 'personne qui aide',
                'verbose_name_plural': 'personnes qui aident',
                'ordering': ['user__name', 'user__email', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('department', 'user', 'kind'), name='duty_once_per_department'), models.UniqueConstraint(condition=models.Q(('department__isnull', True)), fields=('edition', 'user', 'kind'), name='duty_once_for_all'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'technical'), _negated=True), ('department__isnull', True), _connector='OR'), name='duty_technical_is_for_all')],
            },
        ),
    ]
