from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of the scene « Le sujet » stay, for the extra."""

    dependencies = [
        ('stage', '0006_projector_is_muted'),
    ]

    operations = [
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
    ]
