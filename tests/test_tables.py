"""A test that commits leaves the tables, and what is remembered of them, as it found them."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

pytestmark = pytest.mark.django_db(transaction=True)


def kinds() -> dict[int, tuple[str, str]]:
    """Give the content types by their numbers, as everybody else is told them."""
    numbers = ContentType.objects.values_list("pk", flat=True)
    found = (ContentType.objects.get_for_id(number) for number in numbers)
    return {kind.pk: kind.natural_key() for kind in found}


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_number_means_the_same_kind_of_thing_in_every_test(turn: str) -> None:
    stored = {kind.pk: kind.natural_key() for kind in ContentType.objects.all()}
    assert kinds() == stored
    root = Page.get_first_root_node()
    assert root is not None
    assert root.specific_class is Page
