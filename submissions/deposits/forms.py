import re
from mimetypes import guess_type
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.formats import visible
from hackathon.base.core.kept import kept
from submissions.deposits.rules import accepted_extensions
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import TEXT_MAX_CHARS, Deliverable

# Refusals that a field explains.
ABOUT_CONTENT = (
    DepositRefusal.WRONG_FORMAT,
    DepositRefusal.TOO_LARGE,
    DepositRefusal.TOO_LONG,
    DepositRefusal.EMPTY,
    DepositRefusal.BAD_LINK,
    DepositRefusal.LOCAL_LINK,
    DepositRefusal.INVISIBLE,
)
SSH = re.compile(r"^(?:ssh://)?git@([\w.-]+)[:/](.+?)(?:\.git)?/?$")  # as Git hosts offer it
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class DepositForm(forms.Form):
    keeps_draft = True  # what is typed, on the device (js/drafts.js)

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
        content = next(iter(self.fields))
        named = f"{self.fields[content].label} : {deliverable.name}"
        self.fields[content].widget.attrs["aria-label"] = named  # the page has several such fields
        self.REFUSAL_FIELDS = dict.fromkeys(ABOUT_CONTENT, content)
        for name in ("url", "text"):
            if self.keeps_draft and name in self.fields:
                self.fields[name].widget.attrs["data-draft"] = f"deliverable-{deliverable.pk}"

    @property
    def html(self) -> SafeString:
        if self.is_bound:
            return self.render()
        fields = {name: field.initial for name, field in self.fields.items()}
        return kept(type(self).__name__, (self.deliverable, fields), self.render)

    def clean_url(self) -> str:
        url = visible(self.cleaned_data["url"])
        if match := SSH.match(url):
            message = _("Un navigateur n’ouvre pas cette adresse. Essayez https://{page}")
            raise forms.ValidationError(message.format(page="/".join(match.groups())))
        return url if not url or SCHEME.match(url) else f"https://{url}"

    def clean_text(self) -> str:
        """Browsers send CRLF."""
        return self.cleaned_data["text"].replace("\r\n", "\n")

    @property
    def content(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class EntryForm(DepositForm):
    keeps_draft = False

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
        attrs["accept"] = ",".join(_accept(deliverable))
    return forms.FileField(
        label=_("Fichier"),
        allow_empty_file=True,  # `contents.file_refusal` has a better message
        widget=forms.FileInput(attrs=attrs),
        error_messages={"required": _("Choisissez d’abord un fichier.")},
    )


def _accept(deliverable: Deliverable) -> list[str]:
    """Media types make a phone offer its camera; `image/jpeg` makes it convert to JPEG."""
    extensions = accepted_extensions(deliverable)
    types = (guess_type(f"x.{extension}")[0] or "" for extension in extensions)
    media = [kind for kind in types if kind.startswith(("image/", "video/"))]
    return [*(f".{extension}" for extension in extensions), *dict.fromkeys(media)]


def _link_field(initial: str) -> forms.CharField:
    return forms.CharField(
        label=_("Adresse"),
        initial=initial,
        # Not type="url": browsers refuse « exemple.org » with their own message.
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
