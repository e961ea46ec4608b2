"""Keep the time of the last change for a thousand story numbers, not for five."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIRST = 2  # the key of the first block's row
TIMES = 5


def divide(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Have each of the five know what the block knew."""
    rows = apps.get_model("delivery", "LastChange").objects.filter(pk__gte=FIRST)
    known = {key - FIRST: at for key, at in rows.values_list("pk", "at")}
    rows.delete()
    rows.bulk_create(
        rows.model(pk=FIRST + block * TIMES + part, at=at)
        for block, at in known.items()
        for part in range(TIMES)
    )


def join(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Keep the latest of five."""
    rows = apps.get_model("delivery", "LastChange").objects.filter(pk__gte=FIRST)
    known = {
        (key - FIRST) // TIMES: at
        for key, at in rows.order_by("at").values_list("pk", "at")
    }
    rows.delete()
    rows.bulk_create(rows.model(pk=FIRST + block, at=at) for block, at in known.items())


class Migration(migrations.Migration):
    dependencies = [("delivery", "0005_withdraw_pictures_alone")]
    operations = [migrations.RunPython(divide, join)]
