"""The vocabulary, and the rules that tie copy to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wiredesk.topics.actions.know_topics import know_topics
from wiredesk.topics.actions.load_vocabulary import load_vocabulary
from wiredesk.topics.models import Topic, TopicRule
from wiredesk.topics.queries import rule_book, top_level
from wiredesk.topics.vocabulary import VocabularyError

pytestmark = pytest.mark.django_db


def test_a_new_installation_knows_the_seventeen_broadest_topics() -> None:
    assert top_level().count() == 17
    assert Topic.objects.get(code="11000000").name == "Politics"


@pytest.mark.parametrize(
    ("name", "current"),
    [
        ("mediatopic-2019-04-06-all-languages.json", 1133),
        ("iptc_mapping_1372_en-GB_hierarchy.json", 1099),
    ],
)
def test_iptcs_own_files_load_with_their_hierarchy(
    media_topics: Path, name: str, current: int
) -> None:
    loaded = load_vocabulary(media_topics / name)
    assert loaded.read - loaded.retired == current
    assert loaded.added == current - 17
    cinema = Topic.objects.get(code="20000005")
    assert cinema.parent is not None
    assert know_topics(named={"20000005": None})["20000005"].root_slug == "arts-culture"
    again = load_vocabulary(media_topics / name)
    assert (again.added, again.changed) == (0, 0)


def test_a_topic_the_newsroom_renamed_keeps_its_name(tmp_path: Path) -> None:
    Topic.objects.filter(code="11000000").update(name="Town hall")
    concept = {"uri": "x/11000000", "prefLabel": {"en-GB": "politics"}}
    path = tmp_path / "topics.json"
    path.write_text(json.dumps({"conceptSet": [concept]}))
    assert load_vocabulary(path).added == 0
    assert Topic.objects.get(code="11000000").name == "Town hall"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"conceptSet": []}', "\xff"])
def test_another_file_is_refused_with_a_reason(tmp_path: Path, text: str) -> None:
    path = tmp_path / "topics.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(VocabularyError, match=r"topics\.json"):
        load_vocabulary(path)


def test_a_code_nobody_has_met_becomes_a_topic_once() -> None:
    first = know_topics(named={"20000001": "ferry services", "20000002": None})
    assert set(first) == {"20000001"}
    assert know_topics(named={"20000001": "another name"}) == first
    assert Topic.objects.get(code="20000001").name == "Ferry services"


def test_two_codes_of_one_name_have_two_addresses() -> None:
    known = know_topics(named={"20000001": "ferries", "20000003": "Ferries"})
    assert len({topic.id for topic in known.values()}) == 2


def test_rules_find_topics_by_code_keyword_and_phrase() -> None:
    topic = Topic.objects.create(name="Harbour", slug="harbour")
    for looks_at, words in (
        ("code", "local:HRB"),
        ("keyword", "Port of Orrin"),
        ("phrase", "harbour board"),
    ):
        TopicRule.objects.create(topic=topic, looks_at=looks_at, words=words)
    book = rule_book()

    def found(
        codes: list[str] | None = None,
        keywords: list[str] | None = None,
        text: str = "",
    ) -> bool:
        matched = book.match(codes=codes or [], keywords=keywords or [], text=text)
        return matched == [topic.pk]

    assert found(codes=["local:hrb"])
    assert found(keywords=["port of orrin"])
    assert found(text="The Harbour\nBoard meets.")
    assert not found(text="harbour boards meet")
    assert not found(keywords=["port"])
    assert not found(codes=["other:HRB"])
