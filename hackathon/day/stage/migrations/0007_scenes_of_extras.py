from django.db import migrations, models

from hackathon.core.extra_migrations import dropped_if_empty


class Migration(migrations.Migration):
    """Tables of the scene « Le sujet » with rows stay, for the extra."""

    dependencies = [
        ('stage', '0006_projector_is_muted'),
    ]

    operations = [
        dropped_if_empty('stage', 'BriefScene', 'ScenePackage'),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='BriefScene'),
                migrations.DeleteModel(name='ScenePackage'),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='screenchoice',
            name='screenchoice_known_scene',
        ),
        migrations.AlterField(
            model_name='screenchoice',
            name='scene',
            field=models.CharField(max_length=15, verbose_name='scène'),
        ),
        migrations.AddField(
            model_name='projector',
            name='said_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
