from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.day.site.enums import Audit

LINE, TEXT = 200, 4000
# Of the fields below.
NAMES_OF_PEOPLE = ("director", "dpo", "dpo_contact", "accessibility_contact", "auditor")


class LegalNotice(models.Model):
    """What a French public site must show. Every field may be empty until somebody fills it in."""

    publisher = models.CharField(_("éditeur du site"), max_length=LINE, blank=True)
    publisher_address = models.CharField(_("adresse de l’éditeur"), max_length=LINE, blank=True)
    publisher_phone = models.CharField(_("téléphone de l’éditeur"), max_length=LINE, blank=True)
    director = models.CharField(_("directeur de la publication"), max_length=LINE, blank=True)
    host = models.CharField(_("hébergeur"), max_length=LINE, blank=True)
    host_address = models.CharField(_("adresse de l’hébergeur"), max_length=LINE, blank=True)
    host_phone = models.CharField(_("téléphone de l’hébergeur"), max_length=LINE, blank=True)

    dpo = models.CharField(_("délégué à la protection des données"), max_length=LINE, blank=True)
    dpo_contact = models.CharField(_("contact du délégué"), max_length=LINE, blank=True)

    accessibility_contact = models.CharField(
        _("contact pour l’accessibilité"), max_length=LINE, blank=True
    )
    accessibility_days = models.PositiveSmallIntegerField(
        _("délai de réponse, en jours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    scheme = models.CharField(_("schéma pluriannuel"), max_length=TEXT, blank=True)
    action_plan = models.CharField(_("plan d’actions de l’année"), max_length=TEXT, blank=True)

    audit = models.CharField(_("audit"), max_length=8, choices=Audit.choices, blank=True)
    audit_rate = models.DecimalField(
        _("taux de conformité, en %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    auditor = models.CharField(_("auditeur"), max_length=LINE, blank=True)
    audited_on = models.DateField(_("date de l’audit"), null=True, blank=True)
    audit_sample = models.CharField(_("pages examinées"), max_length=TEXT, blank=True)
    audit_failures = models.CharField(_("non-conformités"), max_length=TEXT, blank=True)
    derogations = models.CharField(_("dérogations"), max_length=TEXT, blank=True)

    class Meta:
        verbose_name = _("mentions légales")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="legal_notice_only_one"),
            models.CheckConstraint(
                condition=Q(audit__in=["", *Audit.values]), name="legal_notice_audit_known"
            ),
            models.CheckConstraint(
                condition=Q(audit_rate=None) | Q(audit_rate__gte=0, audit_rate__lte=100),
                name="legal_notice_rate_in_percent",
            ),
            models.CheckConstraint(
                condition=~Q(audit=Audit.DONE)
                | (
                    Q(audit_rate__isnull=False, audited_on__isnull=False)
                    & ~Q(auditor="")
                    & ~Q(audit_sample="")
                ),
                name="legal_notice_audit_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.publisher
