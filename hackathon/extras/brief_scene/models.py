import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from hackathon.event.partners.models import stored_key
from hackathon.extras.brief_scene.enums import ShowKind


class BriefScene(models.Model):
    """What the scene « Le sujet » shows between the name of the client and the titles of the
    briefs. As secret as these.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="brief_scene")
    kind = models.CharField(max_length=10, choices=ShowKind, default=ShowKind.NONE)
    file = models.FileField(upload_to=stored_key, max_length=100, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    slide_seconds = models.PositiveSmallIntegerField(
        _("secondes par diapositive"),
        default=10,
        validators=[MinValueValidator(2), MaxValueValidator(600)],
    )
    works_offline = models.BooleanField(_("sans réseau"), default=True)

    class Meta:
        db_table = "stage_briefscene"  # of before the scene was an extra
        verbose_name = _("scène du sujet")

    def __str__(self) -> str:
        return str(self.edition_id)


class ScenePackage(models.Model):
    """The encrypted contents of the scene « Le sujet », which projectors fetch in advance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="scene_package")
    file = models.FileField(upload_to=stored_key, max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)  # of the encrypted file
    contents = models.CharField(max_length=64)  # `rules.contents_digest`
    key = models.CharField(max_length=43)  # as secret as the briefs
    slides = models.PositiveSmallIntegerField()  # 0 for slides: the PDF cannot be shown
    seconds = models.PositiveIntegerField(default=0)  # of the film or all slides
    packed_at = models.DateTimeField()

    class Meta:
        db_table = "stage_scenepackage"
        verbose_name = _("paquet de la scène du sujet")

    def __str__(self) -> str:
        return str(self.pk)
