"""What browsers may fetch before a brief's instant without being able to read it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models.edition import Department


def package_key(instance: "BriefPackage", filename: str) -> str:
    """An opaque storage key, as those of attachments."""
    return f"{instance.pk.hex[:2]}/{instance.pk.hex}"


class BriefPackage(models.Model):
    """A department's brief with its attachments, locked. Each department has one, also where no
    brief is written yet: that there is one says nothing.

    What changes gets a new package, with another id and another key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="package")
    file = models.FileField(upload_to=package_key, max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)  # of the file as it is sent
    contents = models.CharField(max_length=64)  # which brief it is: `rules.packages.contents_of`
    key = models.CharField(max_length=43)  # as secret as the brief
    packed_at = models.DateTimeField()
    unlocked_at = models.DateTimeField(null=True, blank=True)  # when pages were told the key

    class Meta:
        verbose_name = _("paquet")

    def __str__(self) -> str:
        return str(self.pk)
