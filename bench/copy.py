"""Wire copy to measure with: NewsML-G2 of the size and shape agencies send."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UPDATES = 0.10  # of all messages are a new version of a story that came before
USUAL = range(2600, 4400)  # characters of a story
_START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

_PEOPLE = (
    "Mayor Ines Corrow",
    "Sheriff Tobias Wend",
    "council member Adaeze Pell",
    "harbour master Jonas Reike",
    "school principal Mirela Ault",
    "Judge Henrik Salvo",
    "nurse Paloma Dray",
    "farmer Osric Venn",
)
_PLACES = (
    "Lower Tarn",
    "Port Ellery",
    "Sorrel Bridge",
    "Hask Mills",
    "Quarry Point",
    "Lanmere",
    "Storr County",
    "Wexcombe",
)
_DID = (
    "opened the hearing on",
    "voted against",
    "asked residents to read",
    "signed the order for",
    "returned from talks about",
    "warned of delays to",
    "promised money for",
    "presented the figures on",
)
_THINGS = (
    "the river ferry",
    "a second water main",
    "the night bus",
    "the old cannery",
    "winter road repairs",
    "the county library",
    "broadband for the hill farms",
    "the fishing quota",
)
_ENDS = (
    "before a full room on Monday evening.",
    "after two years of meetings that led nowhere.",
    "while some 200 people waited outside in the rain.",
    "and said the work could begin in April at the earliest.",
    "although the audit of last year's budget is not finished.",
    "because the insurer had refused to pay for a third time.",
)
_TOPICS = ("11000000", "15000000", "04000000", "01000000", "13000000", "17000000")

_ITEM = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" standard="NewsML-G2"
 standardversion="2.35" conformance="power" guid="tag:lodestar.example,2026:bench-{number}"
 version="{version}" xml:lang="en">
<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>
<rightsInfo><copyrightHolder uri="https://lodestar.example/"><name>Lodestar News</name>
</copyrightHolder><copyrightNotice>(c) 2026 Lodestar News</copyrightNotice>
<usageTerms>For subscribers in their own pages.</usageTerms></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/>
<provider literal="lodestar.example"><name>Lodestar News</name></provider>
<versionCreated>{time}</versionCreated><firstCreated>{first}</firstCreated>
<pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><urgency>{urgency}</urgency>
<contentCreated>{first}</contentCreated>
<located type="cpnat:city"><name>{place}</name></located>
<creditline>Lodestar News</creditline>
<by>{author}</by><dateline>{upper} (Lodestar) -</dateline>
<genre qcode="genre:Current"/>
<subject type="cpnat:abstract" qcode="medtop:{topic}"/>
<subject type="cpnat:geoArea" literal="{place}"><name>{place}</name></subject>
<keyword>{keyword}</keyword><slugline>{slug}</slugline>
<headline>{headline}</headline></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{headline}</title></head><body>
{body}
</body></html></inlineXML></contentSet></newsItem>
"""


def messages(count: int, seed: int = 1) -> Iterator[bytes]:
    """Give ``count`` messages of 4 to 6 KB; one in ten updates an earlier story."""
    chance = random.Random(seed)  # noqa: S311 - the same copy in every run
    versions: list[int] = []
    for _ in range(count):
        if versions and chance.random() < UPDATES:
            number = chance.randrange(len(versions))
            versions[number] += 1
        else:
            number = len(versions)
            versions.append(1)
        yield item(number, versions[number], chance)


def item(
    number: int, version: int, chance: random.Random, words: Sequence[int] = USUAL
) -> bytes:
    """Give one version of a story; ``words``: its length in characters is one of them."""
    # What a story is about must not change from version to version.
    own = random.Random(number)  # noqa: S311 - as above
    first = _START + timedelta(seconds=number)
    place, thing = own.choice(_PLACES), own.choice(_THINGS)
    headline = f"{own.choice(_PEOPLE)} {own.choice(_DID)} {thing}, case {number}"
    paragraphs = []
    size, wanted = 0, chance.choice(words)
    while size < wanted:
        text = " ".join(_sentence(chance) for _ in range(chance.randrange(1, 4)))
        paragraphs.append(f"<p>{text}</p>")
        size += len(text) + 7
    text = _ITEM.format(
        number=number,
        version=version,
        time=(first + timedelta(minutes=version)).isoformat(),
        first=first.isoformat(),
        urgency=own.randrange(2, 7),
        place=place,
        upper=place.upper(),
        author=own.choice(_PEOPLE).split(" ", 1)[1].title(),
        topic=own.choice(_TOPICS),
        keyword=thing.split()[-1],
        slug=f"BENCH-{thing.split()[-1].upper()}-{number}",
        headline=headline,
        body="\n".join(paragraphs),
    )
    return text.encode()


def _sentence(chance: random.Random) -> str:
    person, place = chance.choice(_PEOPLE), chance.choice(_PLACES)
    return (
        f"In {place}, {person} {chance.choice(_DID)} {chance.choice(_THINGS)} "
        f"{chance.choice(_ENDS)}"
    )


def story(number: int, chance: random.Random) -> tuple[str, list[str]]:
    """Give headline and paragraphs of one story, about as long as a message's."""
    headline = (
        f"{chance.choice(_PEOPLE)} {chance.choice(_DID)} {chance.choice(_THINGS)}, "
        f"case {number}"
    )
    paragraphs = []
    size, wanted = 0, chance.randrange(2600, 4400)
    while size < wanted:
        text = " ".join(_sentence(chance) for _ in range(chance.randrange(1, 4)))
        paragraphs.append(text)
        size += len(text) + 7
    return headline, paragraphs
