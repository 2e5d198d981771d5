from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0008_searches_leave'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='absent_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='absent depuis'),
        ),
    ]
