from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_feeds(apps, schema_editor):
    """Pictures that the wire brought belong to the feed of the story that named them."""
    Picture = apps.get_model("stories", "Picture")
    StoryPicture = apps.get_model("stories", "StoryPicture")
    brought = (
        StoryPicture.objects.filter(
            picture=OuterRef("pk"), story__wire_message__isnull=False
        )
        .exclude(href="")
        .order_by("pk")
    )
    Picture.objects.exclude(source="").filter(feed__isnull=True).update(
        feed=Subquery(brought.values("story__wire_message__feed")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("stories", "0006_let_pictures_go_alone")]

    operations = [migrations.RunPython(name_feeds, migrations.RunPython.noop)]
