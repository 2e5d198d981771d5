from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0004_works_shown_to'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='works_hidden_because',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='pourquoi ses travaux sont cachés'),
        ),
    ]
