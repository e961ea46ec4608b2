"""Drop indexes that Django makes for each foreign key, where another begins with it.

By their names, which are the same on every engine: altered field by field, SQLite would
build each table anew, and a table of messages loses its triggers by that.
"""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models

_SECOND = (
    ("stories_placement_section_id_117298fb", "stories_placement", "section_id"),
    ("stories_placement_site_id_45042fcc", "stories_placement", "site_id"),
    ("stories_placement_story_id_31bd1ea6", "stories_placement", "story_id"),
    ("stories_storyauthor_author_id_57581c41", "stories_storyauthor", "author_id"),
    ("stories_storyauthor_story_id_85dd826f", "stories_storyauthor", "story_id"),
    ("stories_storytopic_story_id_47c62255", "stories_storytopic", "story_id"),
    ("stories_storytopic_topic_id_6d73cd8b", "stories_storytopic", "topic_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0019_end_stories_by_index"),
        ("topics", "0003_let_rules_be_edited_with_their_topic"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {name}",
                    f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})",
                )
                for name, table, column in _SECOND
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="placement",
                    name="section",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="placements",
                        to="stories.sectionpage",
                        verbose_name="section",
                    ),
                ),
                migrations.AlterField(
                    model_name="placement",
                    name="site",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.site",
                    ),
                ),
                migrations.AlterField(
                    model_name="placement",
                    name="story",
                    field=modelcluster.fields.ParentalKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="stories.story",
                    ),
                ),
                migrations.AlterField(
                    model_name="storyauthor",
                    name="author",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="stories.author",
                        verbose_name="author",
                    ),
                ),
                migrations.AlterField(
                    model_name="storyauthor",
                    name="story",
                    field=modelcluster.fields.ParentalKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authors",
                        to="stories.story",
                    ),
                ),
                migrations.AlterField(
                    model_name="storytopic",
                    name="story",
                    field=modelcluster.fields.ParentalKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topics",
                        to="stories.story",
                    ),
                ),
                migrations.AlterField(
                    model_name="storytopic",
                    name="topic",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="topics.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
        )
    ]
