from django.db import migrations

from hackathon.core.extra_migrations import switched_on


def is_used(apps, edition):
    models = (apps.get_model('brief_scene', name) for name in ('BriefScene', 'ScenePackage'))
    return any(model.objects.filter(edition=edition).exists() for model in models)


class Migration(migrations.Migration):

    dependencies = [
        ('editions', '0006_edition_extras'),
        ('brief_scene', '0001_initial'),
    ]

    operations = [switched_on('brief_scene', is_used)]
