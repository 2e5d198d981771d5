from typing import Any

from django.urls import reverse


def url(name: str, *args: Any) -> str:
    return reverse(f"editions:{name}", args=["ccd-2020", *args])


def setup_url(name: str) -> str:
    return reverse(f"setup:{name}", args=["ccd-2020"])
