from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from wagtail.models import Collection, Page

from wiredesk.accounts.actions.create_staff import (
    NameTakenError,
    create_staff,
    renew_password,
)
from wiredesk.accounts.actions.settle_roles import settle_roles
from wiredesk.accounts.roles import ROLES

pytestmark = pytest.mark.django_db


def test_the_roles_are_there_once_the_database_is() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {
        role.name for role in ROLES
    }


def test_a_role_changed_by_hand_is_put_back_at_the_next_migration() -> None:
    group = Group.objects.get(name="Editor")
    before = set(group.permissions.values_list("codename", flat=True))
    group.permissions.clear()
    group.page_permissions.all().delete()

    call_command("migrate", verbosity=0)

    assert set(group.permissions.values_list("codename", flat=True)) == before
    assert group.page_permissions.count() == 3


def test_a_group_of_the_newsrooms_own_is_left_alone() -> None:
    group = Group.objects.create(name="Editors")
    settle_roles()
    assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize("role", [role.slug for role in ROLES])
def test_every_role_gets_into_the_desk_with_the_password_printed(role: str) -> None:
    user, password = create_staff(username="mara", role=role)
    client = Client()
    answer = client.post(
        "/desk/login/", {"username": user.username, "password": password}
    )
    assert answer.status_code == 302
    assert client.get("/desk/").status_code == 200


def test_only_engineers_make_accounts_and_nobody_makes_themselves_more() -> None:
    for role in ROLES:
        user, _password = create_staff(username=role.slug, role=role.slug)
        assert user.has_perm("accounts.change_user") is (role.slug == "engineer")
        assert not user.is_superuser


def test_a_reporter_writes_but_does_not_publish() -> None:
    user, _password = create_staff(username="mara", role="reporter")
    assert user.has_perm("stories.change_story")
    assert not user.has_perm("stories.publish_story")


def test_a_name_is_given_once() -> None:
    create_staff(username="mara", role="editor")
    with pytest.raises(NameTakenError):
        create_staff(username="mara", role="editor")


def test_a_renewed_password_ends_the_old_one() -> None:
    user, old = create_staff(username="mara", role="editor")
    new = renew_password(username="mara")
    user.refresh_from_db()
    assert user.check_password(new)
    assert not user.check_password(old)


def test_roles_settle_in_an_emptied_database_and_the_rest_once_the_roots_are_back() -> (
    None
):
    Page.objects.all().delete()
    Collection.objects.all().delete()
    Group.objects.all().delete()
    settle_roles()
    group = Group.objects.get(name="Editor")
    assert group.permissions.exists()
    assert not group.page_permissions.exists()

    Page.add_root(title="Root", slug="root")
    Collection.add_root(name="Root")
    settle_roles()
    assert group.page_permissions.count() == 3
    assert group.collection_permissions.exists()
