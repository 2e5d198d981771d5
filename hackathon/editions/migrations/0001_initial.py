import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import hackathon.editions.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='titre')),
                ('body', models.TextField(verbose_name='texte (Markdown)')),
                ('published_at', models.DateTimeField(verbose_name='instant de publication')),
            ],
            options={
                'verbose_name': 'sujet',
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, validators=[django.core.validators.RegexValidator('^[A-Z0-9-]+$', 'Lettres majuscules, chiffres et tirets.')], verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
            ],
            options={
                'verbose_name': 'département',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='BriefAttachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(upload_to=hackathon.editions.models.attachment_key)),
                ('filename', models.CharField(max_length=255)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('brief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='editions.brief')),
            ],
            options={
                'verbose_name': 'pièce jointe',
                'ordering': ['position', 'filename'],
            },
        ),
        migrations.CreateModel(
            name='BriefPackage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(upload_to=hackathon.editions.models.package_key)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('contents', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=43)),
                ('packed_at', models.DateTimeField()),
                ('unlocked_at', models.DateTimeField(blank=True, null=True)),
                ('department', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='package', to='editions.department')),
            ],
            options={
                'verbose_name': 'paquet',
            },
        ),
        migrations.AddField(
            model_name='brief',
            name='department',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='brief', to='editions.department', verbose_name='département'),
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True, verbose_name='adresse')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('school', models.CharField(blank=True, max_length=120, verbose_name='établissement')),
                ('client', models.CharField(blank=True, max_length=120, verbose_name='client')),
                ('timezone', models.CharField(default='Europe/Paris', max_length=60, validators=[hackathon.editions.models.validate_timezone], verbose_name='fuseau horaire')),
                ('is_current', models.BooleanField(default=False, verbose_name='édition affichée')),
                ('registration_opens_at', models.DateTimeField(verbose_name='ouverture des inscriptions')),
                ('registration_closes_at', models.DateTimeField(verbose_name='clôture des inscriptions')),
                ('starts_at', models.DateTimeField(verbose_name='lancement')),
                ('deadline_at', models.DateTimeField(verbose_name='heure limite')),
                ('grace_seconds', models.PositiveIntegerField(default=600, validators=[django.core.validators.MaxValueValidator(86400)], verbose_name='marge (secondes)')),
                ('late_policy', models.CharField(choices=[('refuse', 'refuser'), ('accept', 'accepter, marqué en retard')], default='refuse', max_length=10, verbose_name='après la marge')),
                ('judging_opens_at', models.DateTimeField(verbose_name='ouverture de la notation')),
                ('deliberated_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='délibérations closes')),
                ('results_published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='résultats publiés')),
                ('team_size_min', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='membres au moins')),
                ('team_size_max', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='membres au plus')),
                ('winners_min', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='lauréats au moins')),
                ('winners_max', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='lauréats au plus')),
                ('shares_marks', models.BooleanField(default=False, verbose_name='chaque équipe voit ses notes et commentaires après les résultats')),
                ('organizers', models.ManyToManyField(blank=True, related_name='organized', to=settings.AUTH_USER_MODEL, verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'édition',
                'ordering': ['-starts_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('is_current',), name='edition_one_current'), models.CheckConstraint(condition=models.Q(('registration_closes_at__gte', models.F('registration_opens_at'))), name='edition_registration_in_order'), models.CheckConstraint(condition=models.Q(('deadline_at__gt', models.F('starts_at'))), name='edition_deadline_after_start'), models.CheckConstraint(condition=models.Q(('judging_opens_at__gte', models.F('deadline_at'))), name='edition_judging_after_deadline'), models.CheckConstraint(condition=models.Q(('team_size_max__gte', models.F('team_size_min')), ('team_size_min__gte', 1)), name='edition_team_size_in_order'), models.CheckConstraint(condition=models.Q(('winners_max__gte', models.F('winners_min')), ('winners_min__gte', 1)), name='edition_winners_in_order')],
            },
        ),
        migrations.AddField(
            model_name='department',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='editions.edition', verbose_name='édition'),
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('briefs', 'sujets'), ('meal', 'repas'), ('visits', 'passage du client'), ('halfway', 'mi-parcours'), ('sprint', 'dernière ligne droite'), ('awards', 'remise des prix'), ('other', 'autre')], max_length=12, verbose_name='nature')),
                ('label', models.CharField(max_length=120, verbose_name='intitulé')),
                ('at', models.DateTimeField(verbose_name='heure')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='editions.edition', verbose_name='édition')),
            ],
            options={
                'verbose_name': 'étape',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='department',
            constraint=models.UniqueConstraint(models.F('edition'), django.db.models.functions.text.Lower('code'), name='department_code_in_edition'),
        ),
    ]
