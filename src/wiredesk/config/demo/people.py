"""The demo's people: authors with faces, agencies' desks, and who signs in."""

from __future__ import annotations

from pathlib import Path

from django.core.files.images import ImageFile
from django.db import transaction

from wiredesk.accounts.actions.create_staff import create_staff, renew_password
from wiredesk.accounts.models import User
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.station import AuthorSeed, authors
from wiredesk.stories.models import Author, Picture

LOGIN = "chief"
ROLE = "desk-chief"


def sign_in() -> str:
    """Give the demo's account a new random password, making it first if need be."""
    if User.objects.filter(username=LOGIN).exists():
        return renew_password(username=LOGIN)
    _user, password = create_staff(username=LOGIN, role=ROLE)
    return password


def make_authors(pictures: Path) -> None:
    """Make the authors, each with the portrait drawn into ``pictures``."""
    for seed in authors():
        if not Author.objects.filter(slug=seed.slug).exists():
            _make_author(seed, pictures / seed.portrait)


@transaction.atomic
def _make_author(seed: AuthorSeed, portrait: Path) -> None:
    photo = add_picture(portrait, description=f"{seed.name}, drawn")
    Author.objects.create(
        slug=seed.slug,
        name=seed.name,
        role=seed.role,
        bio=seed.biography,
        photo=photo,
        kind=Author.Kind.AGENCY if seed.is_organisation else Author.Kind.STAFF,
        source=seed.slug.removesuffix("-desk") if seed.is_organisation else "",
    )


def add_picture(path: Path, *, description: str) -> Picture:
    """Put a file of the demo's into the library, or give it if it is there."""
    found: Picture | None = Picture.objects.filter(title=path.stem).first()
    if found is not None:
        return found
    words = CAPTIONS.get(path.stem)
    with path.open("rb") as stream:
        picture = Picture(
            title=path.stem,
            file=ImageFile(stream, name=path.name),
            description=words.alt if words else description,
            caption=words.caption if words else "",
            credit=words.credit if words else "",
        )
        picture.save()
    return picture
