"""Bring the roles' groups to what ``wiredesk.accounts.roles`` says of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from wiredesk.accounts.roles import ROLES, Role

# Wagtail's own two, made at its first migration; ours have other duties.
SHIPPED_GROUPS = ("Editors", "Moderators")
LIBRARIES = (("wagtailimages", "image"), ("wagtaildocs", "document"))


@transaction.atomic
def settle_roles() -> None:
    """Give each role exactly the permissions its definition names.

    Safe to repeat; what somebody changed in a role's group by hand is put back, so a
    newsroom that wants more makes a group of its own. Raises ``LookupError`` for a name
    no permission answers to.
    """
    if not Group.objects.filter(name__in=[role.name for role in ROLES]).exists():
        Group.objects.filter(name__in=SHIPPED_GROUPS, user=None).delete()
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in ROLES:
        _settle(role, known)


def _settle(role: Role, known: dict[str, Permission]) -> None:
    group, _made = Group.objects.get_or_create(name=role.name)
    group.permissions.set(_named(role.permissions, known, role))
    pages = _named((f"wagtailcore.{verb}_page" for verb in role.pages), known, role)
    files = _named(
        (f"{app}.{verb}_{noun}" for app, noun in LIBRARIES for verb in role.library),
        known,
        role,
    )
    # An emptied database has no roots until Wagtail's are made anew; what may be done
    # below them is settled the next time.
    root = Page.objects.filter(depth=1).first()
    if root is not None:
        _settle_pages(group, root, pages)
    whole = Collection.objects.filter(depth=1).first()
    if whole is not None:
        _settle_library(group, whole, files)


def _settle_pages(group: Group, root: Page, permissions: list[Permission]) -> None:
    of_pages = GroupPagePermission.objects.filter(group=group)
    of_pages.exclude(page=root, permission__in=permissions).delete()
    for permission in permissions:
        GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=permission
        )


def _settle_library(
    group: Group, whole: Collection, permissions: list[Permission]
) -> None:
    of_files = GroupCollectionPermission.objects.filter(group=group)
    of_files.exclude(collection=whole, permission__in=permissions).delete()
    for permission in permissions:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=whole, permission=permission
        )


def _named(
    names: Iterable[str], known: dict[str, Permission], role: Role
) -> list[Permission]:
    wanted = list(names)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise LookupError(
            f"The role {role.slug} names permissions there are not: "
            f"{', '.join(unknown)}."
        )
    return [known[name] for name in wanted]
