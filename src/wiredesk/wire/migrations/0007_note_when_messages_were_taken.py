from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wire", "0006_follow_ends_of_contracts")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="taken_at",
            field=models.DateTimeField(null=True),
        ),
    ]
