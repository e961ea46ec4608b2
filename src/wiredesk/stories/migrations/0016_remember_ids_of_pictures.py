"""Remember each further id under which the wire sent a picture's bytes."""

from django.db import migrations
from django.db.models import F


def remember(apps, schema_editor):
    uses = apps.get_model("stories", "StoryPicture").objects.filter(
        picture__isnull=False
    )
    others = uses.exclude(guid="").exclude(guid=F("picture__guid"))
    named = others.exclude(story__source="").values_list(
        "picture_id", "story__source", "guid"
    )
    identity = apps.get_model("stories", "PictureIdentity")
    identity.objects.bulk_create(
        [
            identity(picture_id=picture, source=source, guid=guid)
            for picture, source, guid in named.distinct().order_by("picture_id")
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("stories", "0015_release_pictures")]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
