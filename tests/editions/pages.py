"""Where the set-up's pages are."""

from typing import Any

from django.urls import reverse


def url(name: str, *args: Any) -> str:
    """A page of the edition of 2020."""
    return reverse(f"editions:{name}", args=["ccd-2020", *args])
