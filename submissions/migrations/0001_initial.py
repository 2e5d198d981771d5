import django.core.validators
import django.db.models.deletion
import submissions.models.submission
import submissions.storage
import uuid
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
            name='Deliverable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('description', models.TextField(blank=True, verbose_name='précisions')),
                ('kind', models.CharField(choices=[('file', 'fichier'), ('link', 'lien'), ('text', 'texte')], max_length=4, verbose_name='nature')),
                ('formats', models.JSONField(blank=True, default=list, verbose_name='formats acceptés')),
                ('max_bytes', models.PositiveBigIntegerField(default=100000000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='taille maximale (octets)')),
                ('required', models.BooleanField(default=True, verbose_name='obligatoire')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliverables', to='editions.department', verbose_name='département')),
            ],
            options={
                'verbose_name': 'livrable',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('begun_at', models.DateTimeField(verbose_name='début de l’envoi')),
                ('received_at', models.DateTimeField(db_index=True, verbose_name='réception')),
                ('size', models.PositiveBigIntegerField(verbose_name='taille (octets)')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('file', models.FileField(blank=True, storage=submissions.storage.deposits_storage, upload_to='', verbose_name='fichier')),
                ('filename', models.CharField(blank=True, max_length=255, verbose_name='nom du fichier')),
                ('content_type', models.CharField(blank=True, max_length=120, verbose_name='type de contenu')),
                ('url', models.URLField(blank=True, max_length=2000, verbose_name='adresse')),
                ('text', models.TextField(blank=True, verbose_name='texte')),
                ('entry_reason', models.CharField(blank=True, max_length=300, verbose_name='raison')),
                ('deliverable', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='submissions.deliverable', verbose_name='livrable')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='teams.team', verbose_name='équipe')),
            ],
            options={
                'verbose_name': 'dépôt',
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('team', 'deliverable', 'version'), name='submission_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('file', ''), models.Q(('url', ''), _negated=True), ('text', '')), models.Q(('file', ''), ('url', ''), models.Q(('text', ''), _negated=True)), models.Q(models.Q(('file', ''), _negated=True), models.Q(('filename', ''), _negated=True), ('url', ''), ('text', '')), _connector='OR'), name='submission_one_content'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='submission_version_from_one'), models.CheckConstraint(condition=models.Q(('received_at__gte', models.F('begun_at'))), name='submission_begun_first')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True, verbose_name='code')),
                ('signature', models.CharField(max_length=64, verbose_name='signature')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='envoyé par e-mail')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='submissions.submission', verbose_name='dépôt')),
            ],
            options={
                'verbose_name': 'accusé de réception',
                'verbose_name_plural': 'accusés de réception',
            },
        ),
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('health', models.CharField(choices=[('pending', 'vérification en cours'), ('good', 's’ouvre bien'), ('doubtful', 'à vérifier'), ('broken', 'ne s’ouvre pas')], default='pending', max_length=8)),
                ('findings', models.JSONField(default=list)),
                ('facts', models.JSONField(default=dict)),
                ('thumbnail', models.FileField(blank=True, storage=submissions.models.submission.previews_storage, upload_to='')),
                ('inspected_at', models.DateTimeField(null=True)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='inspection', to='submissions.submission')),
            ],
            options={
                'verbose_name': 'vérification',
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('length', models.PositiveBigIntegerField()),
                ('filename', models.CharField(blank=True, max_length=255)),
                ('metadata', models.TextField(blank=True)),
                ('begun_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('whole_at', models.DateTimeField(null=True)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deliverable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='submissions.deliverable')),
                ('submission', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='upload', to='submissions.submission')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='teams.team')),
            ],
            options={
                'verbose_name': 'envoi',
                'constraints': [models.CheckConstraint(condition=models.Q(('submission', None), ('whole_at__isnull', False), _connector='OR'), name='upload_whole_before_submission')],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='minutes')),
                ('reason', models.CharField(max_length=300, verbose_name='raison')),
                ('granted_at', models.DateTimeField(verbose_name='accordé')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='editions.department', verbose_name='département')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accordé par')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='retiré par')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='teams.team', verbose_name='équipe')),
            ],
            options={
                'verbose_name': 'délai accordé',
                'verbose_name_plural': 'délais accordés',
                'ordering': ['-granted_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('team__isnull', True), ('department__isnull', True), _connector='XOR'), name='extension_one_target'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='extension_adds_time'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='extension_revoked_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(choices=[('deadline', 'à l’heure limite'), ('grace', 'après la marge'), ('delays', 'après le dernier délai accordé')], max_length=8, verbose_name='moment')),
                ('as_of', models.DateTimeField(verbose_name='état à cet instant')),
                ('made_at', models.DateTimeField(verbose_name='fait')),
                ('manifest', models.JSONField(verbose_name='manifeste')),
                ('digest', models.CharField(max_length=64, verbose_name='empreinte')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='editions.department', verbose_name='département')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='editions.edition', verbose_name='édition')),
            ],
            options={
                'verbose_name': 'scellé',
                'ordering': ['-as_of', 'department__position'],
                'constraints': [models.UniqueConstraint(fields=('department', 'moment', 'as_of'), name='seal_of_a_department_once'), models.UniqueConstraint(condition=models.Q(('department', None)), fields=('edition', 'moment', 'as_of'), name='seal_over_all_once')],
            },
        ),
    ]
