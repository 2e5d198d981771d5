from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_closing_at")]

    operations = [
        migrations.CreateModel(
            "UsedLogoutToken",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("used_at", models.DateTimeField()),
            ],
        ),
    ]
