from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0007_name_the_feed_of_pictures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="standingpage",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("about", "about the station"),
                    ("guidelines", "community guidelines"),
                    ("corrections", "corrections policy"),
                    ("principles", "publishing principles"),
                    ("ethics", "ethics policy"),
                    ("facts", "verification and fact-checking policy"),
                    ("sources", "unnamed sources policy"),
                    ("feedback", "feedback policy"),
                    ("diversity", "diversity policy"),
                    ("bylines", "policy on stories without a byline"),
                    ("mission", "mission and coverage priorities"),
                    ("masthead", "masthead: who works here"),
                    ("ownership", "ownership and funding"),
                    ("privacy", "privacy"),
                    ("other", "other"),
                ],
                default="other",
                max_length=12,
                verbose_name="purpose",
            ),
        ),
        migrations.AddIndex(
            model_name="storystanding",
            index=models.Index(
                condition=models.Q(("listed_until__isnull", False)),
                fields=["listed_until"],
                name="standing_will_unlist",
            ),
        ),
    ]
