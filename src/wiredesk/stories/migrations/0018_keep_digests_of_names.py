"""Keep of the names of items and of kills by name their digests alone."""

import hashlib

from django.db import migrations

_AT_ONCE = 1000


def digest(apps, schema_editor):
    for name in ("ItemName", "KillByName"):
        rows = apps.get_model("stories", name).objects.order_by("pk")
        after = 0
        while batch := list(rows.filter(pk__gt=after)[:_AT_ONCE]):
            for row in batch:
                row.name = hashlib.sha256(row.name.encode()).hexdigest()
            rows.model.objects.bulk_update(batch, ["name"], batch_size=200)
            after = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("stories", "0017_pin_what_kills_matched")]

    operations = [migrations.RunPython(digest, migrations.RunPython.noop)]
