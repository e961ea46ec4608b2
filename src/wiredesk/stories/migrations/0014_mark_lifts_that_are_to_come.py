"""Mark the embargoes whose lift is still to be announced."""

from django.db import migrations
from django.db.models import F, Q
from django.utils import timezone


def mark(apps, schema_editor):
    rows = apps.get_model("stories", "StoryStanding").objects.filter(
        state="live", visible_from__isnull=False, expired_at__isnull=True
    )
    to_come = Q(visible_from__gt=timezone.now()) | Q(was_public=False)
    rows.filter(to_come).update(lifts_at=F("visible_from"))


class Migration(migrations.Migration):
    dependencies = [("stories", "0013_announce_every_lift")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
