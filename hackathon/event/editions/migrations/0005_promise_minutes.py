import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0004_edition_is_graded'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='promise_minutes',
            field=models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(1440)], verbose_name='engagements (minutes)'),
        ),
    ]
