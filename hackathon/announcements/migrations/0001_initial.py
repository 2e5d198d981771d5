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
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(max_length=40, verbose_name='à qui')),
                ('audience_label', models.CharField(max_length=120, verbose_name='à qui, en mots')),
                ('body', models.TextField(max_length=4000, verbose_name='message (Markdown)')),
                ('pinned', models.BooleanField(default=False, verbose_name='épinglée')),
                ('by_mail', models.BooleanField(default=False, verbose_name='aussi par e-mail')),
                ('published_at', models.DateTimeField(verbose_name='parution')),
                ('pushed_at', models.DateTimeField(blank=True, null=True, verbose_name='dite sur les pages')),
                ('revision', models.PositiveSmallIntegerField(default=0, verbose_name='révision')),
                ('corrected_at', models.DateTimeField(blank=True, null=True, verbose_name='corrigée')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='editions.edition', verbose_name='édition')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'annonce',
                'ordering': ['-published_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('pushed_at', None), ('pushed_at__gte', models.F('published_at')), _connector='OR'), name='announcement_not_pushed_early'), models.CheckConstraint(condition=models.Q(models.Q(('corrected_at', None), ('revision', 0)), models.Q(('corrected_at__isnull', False), ('revision__gt', 0)), _connector='OR'), name='announcement_corrected_has_instant')],
            },
        ),
        migrations.CreateModel(
            name='AnnouncementMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveSmallIntegerField()),
                ('claimed_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='announcements.announcement')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('announcement', 'revision', 'user'), name='announcementmail_once')],
            },
        ),
        migrations.CreateModel(
            name='AnnouncementReach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=32)),
                ('in_five_seconds', models.PositiveIntegerField(default=0)),
                ('in_a_minute', models.PositiveIntegerField(default=0)),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reach', to='announcements.announcement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('announcement', 'process'), name='announcementreach_once'), models.CheckConstraint(condition=models.Q(('in_five_seconds__lte', models.F('in_a_minute'))), name='announcementreach_in_order')],
            },
        ),
        migrations.CreateModel(
            name='ReadMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stamp', models.CharField(max_length=30)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_marks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'stamp'), name='readmark_once')],
            },
        ),
        migrations.AddIndex(
            model_name='announcement',
            index=models.Index(condition=models.Q(('pushed_at', None), ('withdrawn_at', None)), fields=['published_at'], name='announcement_unpushed'),
        ),
    ]
