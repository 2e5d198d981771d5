from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department, Edition
from submissions.enums import SealMoment


class Seal(models.Model):
    """What counted at `as_of` in one department, or in all of them (`department` null): of the
    deliverables that are due at `due_at`, null: at the edition's deadline.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="seals", verbose_name=_("édition")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        related_name="seals",
        verbose_name=_("département"),
    )
    moment = models.CharField(_("moment"), max_length=8, choices=SealMoment)
    due_at = models.DateTimeField(_("heure limite"), null=True, blank=True)
    as_of = models.DateTimeField(_("état à cet instant"))
    made_at = models.DateTimeField(_("fait"))
    manifest = models.JSONField(_("manifeste"))
    digest = models.CharField(_("empreinte"), max_length=64)

    corrections: list[tuple[str, datetime]]  # set by `seals.selectors.as_shown`

    class Meta:
        ordering = ["-as_of", "department__position"]
        verbose_name = _("scellé")
        constraints = [
            # In SQL two nulls differ: each constraint is for one kind of seal.
            models.UniqueConstraint(
                fields=["department", "moment", "as_of"],
                condition=Q(due_at=None),
                name="seal_of_a_department_once",
            ),
            models.UniqueConstraint(
                fields=["edition", "moment", "as_of"],
                condition=Q(department=None, due_at=None),
                name="seal_over_all_once",
            ),
            models.UniqueConstraint(
                fields=["department", "moment", "as_of", "due_at"],
                name="own_seal_of_a_department_once",
            ),
            models.UniqueConstraint(
                fields=["edition", "moment", "as_of", "due_at"],
                condition=Q(department=None),
                name="own_seal_over_all_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.digest[:12]}"

    @property
    def subject(self) -> str:
        """The deliverables that have a deadline of their own; empty: of the edition's."""
        named = self.manifest["deliverables"] if self.due_at else []
        return ", ".join(dict.fromkeys(deliverable["name"] for deliverable in named))

    @property
    def filename(self) -> str:
        """Of its manifest."""
        code = self.department.code if self.department else "ensemble"
        return f"scelle-{self.edition.slug}-{code}-{self.moment}-{self.pk}.json"
