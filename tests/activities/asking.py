"""Short questions to `possible`, for the tests of matching."""

from datetime import datetime

from server.activities.catalogue import Catalogue
from server.activities.matching import Today, possible
from server.activities.possibility import Possibility


def slugs(today: Today) -> list[str]:
    return [one.slug for one in today.choices]


def everywhere(form: int, moment: datetime, town: Catalogue) -> dict[str, Possibility]:
    """All pages of *Något annat*."""
    pages = [possible(form, moment, town, skip=skip) for skip in range(20)]
    return {one.slug: one for today in reversed(pages) for one in today.choices}
