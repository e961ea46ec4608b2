"""The seventeen broadest topics of IPTC's Media Topics, by which copy is coded.

Codes and English names are IPTC's (https://www.iptc.org/newscodes, CC BY 4.0).
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

TOP_LEVEL = (
    ("01000000", "Arts, culture, entertainment and media", "arts-culture"),
    ("02000000", "Crime, law and justice", "crime-law-justice"),
    ("03000000", "Disaster, accident and emergency incident", "disaster-accident"),
    ("04000000", "Economy, business and finance", "economy-business"),
    ("05000000", "Education", "education"),
    ("06000000", "Environment", "environment"),
    ("07000000", "Health", "health"),
    ("08000000", "Human interest", "human-interest"),
    ("09000000", "Labour", "labour"),
    ("10000000", "Lifestyle and leisure", "lifestyle-leisure"),
    ("11000000", "Politics", "politics"),
    ("12000000", "Religion", "religion"),
    ("13000000", "Science and technology", "science-technology"),
    ("14000000", "Society", "society"),
    ("15000000", "Sport", "sport"),
    ("16000000", "Conflict, war and peace", "conflict-war-peace"),
    ("17000000", "Weather", "weather"),
)


def name_topics(apps: Any, schema_editor: Any) -> None:
    Topic = apps.get_model("topics", "Topic")
    for code, name, slug in TOP_LEVEL:
        if Topic.objects.filter(slug=slug).exclude(code=code).exists():
            slug = f"{slug}-{code}"
        Topic.objects.get_or_create(code=code, defaults={"name": name, "slug": slug})


class Migration(migrations.Migration):
    dependencies = [("topics", "0001_initial")]
    operations = [migrations.RunPython(name_topics, migrations.RunPython.noop)]
