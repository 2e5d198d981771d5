import uuid
from typing import Any

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import markdown
from hackathon.event.editions.models import Edition


def stored_key(instance: Any, filename: str) -> str:
    """An opaque storage key. `filename` reveals who the client is."""
    key = uuid.uuid4().hex
    return f"{key[:2]}/{key}"


class ClientPage(models.Model):
    """The text about the client, whose name is `Edition.client`. Secret like the briefs until
    `public_at`; None: until the first brief is public.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="client_page")
    text = models.TextField(_("présentation"), blank=True)
    link = models.URLField(_("site"), blank=True)
    representatives = models.TextField(_("représentants"), max_length=2000, blank=True)
    public_at = models.DateTimeField(_("visible à partir de"), null=True, blank=True)
    logo = models.FileField(upload_to=stored_key, max_length=100, blank=True)

    class Meta:
        verbose_name = _("page du client")

    def __str__(self) -> str:
        # Not the name, which is secret: this is written to logs and error pages.
        return f"Client {self.edition_id}"

    @property
    def html(self) -> SafeString:
        return markdown.render(self.text)


class ClientDocument(models.Model):
    """The graphic charter and the like. As secret as the page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(ClientPage, on_delete=models.CASCADE, related_name="documents")
    file = models.FileField(upload_to=stored_key, max_length=100)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["filename", "pk"]
        verbose_name = _("document du client")

    def __str__(self) -> str:
        return str(self.pk)


class Partner(models.Model):
    """Public from the beginning. `id` is in the address of its logo."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(_("nom"), max_length=120)
    sentence = models.CharField(_("une phrase"), max_length=200, blank=True)
    link = models.URLField(_("site"), blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    logo = models.FileField(upload_to=stored_key, max_length=100, blank=True)

    class Meta:
        ordering = ["position", "name", "pk"]
        verbose_name = _("partenaire")

    def __str__(self) -> str:
        return self.name
