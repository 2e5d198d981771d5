from django.db import migrations


def unlogged(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        for table in ('favourite_hasvoted', 'favourite_tally'):
            schema_editor.execute(f'ALTER TABLE {table} SET UNLOGGED')


class Migration(migrations.Migration):

    dependencies = [
        ('favourite', '0003_extra'),
    ]

    operations = [migrations.RunPython(unlogged, migrations.RunPython.noop)]
