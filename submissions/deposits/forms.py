"""Shape of what is typed and sent. What is allowed, the rules say."""

import re
from mimetypes import guess_type
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions.deposits.contents import accepted_endings
from submissions.enums import DeliverableKind
from submissions.models import TEXT_MAX_CHARS, Deliverable

SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
FORMAT = re.compile(r"^[a-z0-9]+(\.[a-z0-9]+)*$")


class DepositForm(forms.Form):
    """One deliverable's own form: a file, a link or a text, named as in the API."""

    def __init__(self, deliverable: Deliverable, *args: Any, initial: str = "", **kwargs: Any):
        kwargs["auto_id"] = f"deliverable-{deliverable.pk}-%s"
        super().__init__(*args, **kwargs)
        self.deliverable = deliverable
        if deliverable.kind == DeliverableKind.FILE:
            self.fields["file"] = _file_field(deliverable)
        elif deliverable.kind == DeliverableKind.LINK:
            self.fields["url"] = _link_field(initial)
        else:
            self.fields["text"] = _text_field(initial)

    def clean_url(self) -> str:
        """« exemple.org » as people write it, with the https that browsers leave out."""
        url = self.cleaned_data["url"]
        return url if not url or SCHEME.match(url) else f"https://{url}"

    def clean_text(self) -> str:
        """As it was typed; a browser sends two characters for one end of line."""
        return self.cleaned_data["text"].replace("\r\n", "\n")

    @property
    def content(self) -> dict[str, Any]:
        """What `services.deposits.deposit` takes: one of `file`, `url`, `text`."""
        return dict(self.cleaned_data)


class EntryForm(DepositForm):
    """What an organizer enters for a team: the same, and why."""

    def __init__(self, deliverable: Deliverable, *args: Any, **kwargs: Any):
        super().__init__(deliverable, *args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("Pourquoi vous déposez à sa place"),
            max_length=300,
            help_text=_("L’équipe et le jury le liront. Par exemple : clé USB apportée à 23:04."),
        )


def _file_field(deliverable: Deliverable) -> forms.FileField:
    attrs = {"data-max-bytes": str(deliverable.max_bytes)}
    if deliverable.formats:
        attrs["accept"] = ",".join(_accepted(accepted_endings(deliverable)))
    return forms.FileField(
        label=_("Fichier"),
        allow_empty_file=True,  # the rule says more about it than the field would
        widget=forms.FileInput(attrs=attrs),
        error_messages={"required": _("Choisissez d’abord un fichier.")},
    )


def _accepted(endings: list[str]) -> list[str]:
    """Extensions, and for pictures and films their type too: it makes a phone offer its own.

    The very type and not `image/*`: a phone then turns its own kind of picture into that one.
    """
    types = (guess_type(f"x.{name}")[0] or "" for name in endings)
    pictures = [kind for kind in types if kind.startswith(("image/", "video/"))]
    return [*(f".{name}" for name in endings), *dict.fromkeys(pictures)]


def _link_field(initial: str) -> forms.CharField:
    return forms.CharField(
        label=_("Adresse"),
        initial=initial,
        # Not type="url": browsers then refuse « exemple.org » in words of their own.
        widget=forms.TextInput(
            attrs={
                "inputmode": "url",
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "https://",
            }
        ),
        error_messages={"required": _("Écrivez l’adresse avant de l’envoyer.")},
    )


def _text_field(initial: str) -> forms.CharField:
    return forms.CharField(
        label=_("Texte"),
        initial=initial,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-max-chars": str(TEXT_MAX_CHARS)}),
        error_messages={"required": _("Écrivez le texte avant de l’envoyer.")},
    )
