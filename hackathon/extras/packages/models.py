import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department, package_key


class BriefPackage(models.Model):
    """The encrypted brief and attachments of one department, which browsers fetch in advance.

    A department without a brief has a package too, so that its existence reveals nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="package")
    file = models.FileField(upload_to=package_key, max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)  # of the encrypted file
    contents = models.CharField(max_length=64)  # `rules.contents_digest` of the brief
    key = models.CharField(max_length=43)  # as secret as the brief
    packed_at = models.DateTimeField()
    unlocked_at = models.DateTimeField(null=True, blank=True)  # when the key was published

    class Meta:
        db_table = "editions_briefpackage"  # of before packages were an extra
        verbose_name = _("paquet")

    def __str__(self) -> str:
        return str(self.pk)
