"""The time by which an author's list is read, as places and topics have it."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def tell_times(apps, schema_editor):
    story = apps.get_model("stories", "Story")
    first = story.objects.filter(pk=OuterRef("story")).values("published_at")
    rows = apps.get_model("stories", "StoryAuthor").objects
    rows.update(sort_at=Subquery(first[:1]))


class Migration(migrations.Migration):
    dependencies = [("stories", "0011_match_kills_and_join_rewrites")]

    operations = [
        migrations.AddField(
            model_name="storyauthor",
            name="sort_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="storyauthor",
            index=models.Index(fields=["author", "-sort_at"], name="author_newest"),
        ),
        migrations.RunPython(tell_times, migrations.RunPython.noop),
    ]
