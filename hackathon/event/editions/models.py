"""One year's event. Instants may be moved at any time, so nothing derived from them is stored."""

import uuid
import zoneinfo
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import extras, markdown
from hackathon.event.editions.enums import (
    STORED_MILESTONES,
    ColleagueRole,
    EditionState,
    LatePolicy,
    Theme,
)

COLOR = RegexValidator(r"^#[0-9a-f]{6}\Z", _("Une couleur s’écrit par exemple #1b4f9c."))
SIZE_BOUNDS = [MinValueValidator(1), MaxValueValidator(1000)]


def is_timezone(name: str) -> bool:
    return name in zoneinfo.available_timezones()


def validate_timezone(name: str) -> None:
    if not is_timezone(name):
        raise ValidationError(_("Fuseau inconnu : écrivez par exemple Europe/Paris."))


class EditionQuerySet(models.QuerySet["Edition"]):
    def current(self) -> "Edition | None":
        return self.filter(is_current=True).first()


class Edition(models.Model):
    slug = models.SlugField(_("adresse"), unique=True)
    name = models.CharField(_("nom"), max_length=120)
    school = models.CharField(_("établissement"), max_length=120, blank=True)
    client = models.CharField(_("client"), max_length=120, blank=True)
    number = models.PositiveSmallIntegerField(
        _("numéro de l’édition"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    story = models.TextField(_("histoire de la journée"), max_length=4000, blank=True)
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    contact = models.CharField(_("contact"), max_length=160, blank=True)
    timezone = models.CharField(
        _("fuseau horaire"), max_length=60, default="Europe/Paris", validators=[validate_timezone]
    )
    # Services make drafts; the default is for editions from before there were states.
    state = models.CharField(
        _("état"), max_length=8, choices=EditionState, default=EditionState.OPEN, editable=False
    )
    is_current = models.BooleanField(_("édition affichée"), default=False)
    organizers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("organisation"),
        related_name="organized",
        blank=True,
    )

    registration_opens_at = models.DateTimeField(_("ouverture des inscriptions"))
    registration_closes_at = models.DateTimeField(_("clôture des inscriptions"))
    # Teams then change as if registration had closed, whenever it closes.
    registration_frozen_at = models.DateTimeField(
        _("inscriptions suspendues"), null=True, blank=True, editable=False
    )
    registration_frozen_reason = models.CharField(
        _("pourquoi"), max_length=120, blank=True, default="", editable=False
    )
    starts_at = models.DateTimeField(_("lancement"))
    deadline_at = models.DateTimeField(_("heure limite"))
    grace_seconds = models.PositiveIntegerField(
        _("marge (secondes)"), default=600, validators=[MaxValueValidator(24 * 3600)]
    )
    late_policy = models.CharField(
        _("après la marge"), max_length=10, choices=LatePolicy, default=LatePolicy.REFUSE
    )
    # After the grace: until when announced bytes may come (`DepositPeriod.announced_until`).
    promise_minutes = models.PositiveSmallIntegerField(
        _("fichiers annoncés (minutes)"), default=10, validators=[MaxValueValidator(24 * 60)]
    )
    judging_opens_at = models.DateTimeField(_("ouverture de la notation"))
    deliberated_at = models.DateTimeField(
        _("délibérations closes"), null=True, blank=True, editable=False
    )
    results_published_at = models.DateTimeField(
        _("résultats publiés"), null=True, blank=True, editable=False
    )

    team_size_min = models.PositiveSmallIntegerField(
        _("membres au moins"), default=4, validators=SIZE_BOUNDS
    )
    team_size_max = models.PositiveSmallIntegerField(
        _("membres au plus"), default=8, validators=SIZE_BOUNDS
    )
    winners_min = models.PositiveSmallIntegerField(
        _("lauréats au moins"), default=2, validators=SIZE_BOUNDS
    )
    winners_max = models.PositiveSmallIntegerField(
        _("lauréats au plus"), default=4, validators=SIZE_BOUNDS
    )
    shares_marks = models.BooleanField(
        _("chaque équipe voit ses notes et commentaires après les résultats"), default=False
    )
    is_graded = models.BooleanField(
        _("la journée compte pour une note de chaque étudiant"), default=False
    )
    # Names of those that are on (`core.extras`). One that is off keeps what it has stored.
    extras = models.JSONField(_("options"), default=extras.installed, blank=True, editable=False)
    jury_reads_decision = models.BooleanField(
        _("tout le jury lit la décision et les notes dès le verrouillage"), default=False
    )

    short_name = models.CharField(_("nom court"), max_length=20, blank=True, default="")
    theme = models.CharField(
        _("thème"), max_length=5, choices=Theme, default=Theme.NIGHT, db_default=Theme.NIGHT
    )
    color = models.CharField(_("couleur"), max_length=7, blank=True, default="", validators=[COLOR])
    accent = models.CharField(
        _("seconde couleur"), max_length=7, blank=True, default="", validators=[COLOR]
    )
    # Digest of its picture (`event.appearance`): pages show it without a query.
    logo = models.CharField(_("logo"), max_length=16, blank=True, default="", editable=False)
    sender = models.CharField(_("expéditeur des e-mails"), max_length=60, blank=True, default="")
    signatory = models.CharField(_("signataire"), max_length=120, blank=True, default="")
    own_rules = models.TextField(_("règles"), max_length=8000, blank=True, default="")
    replaces_rules = models.BooleanField(_("à la place des règles du site"), default=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("édition")
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="edition_one_current"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state=EditionState.OPEN),
                name="edition_shown_is_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EditionState.values), name="edition_state_known"
            ),
            models.CheckConstraint(
                condition=Q(registration_closes_at__gte=F("registration_opens_at")),
                name="edition_registration_in_order",
            ),
            models.CheckConstraint(
                condition=Q(deadline_at__gt=F("starts_at")), name="edition_deadline_after_start"
            ),
            models.CheckConstraint(
                condition=Q(judging_opens_at__gte=F("deadline_at")),
                name="edition_judging_after_deadline",
            ),
            models.CheckConstraint(
                condition=Q(team_size_min__gte=1, team_size_max__gte=F("team_size_min")),
                name="edition_team_size_in_order",
            ),
            models.CheckConstraint(
                condition=Q(winners_min__gte=1, winners_max__gte=F("winners_min")),
                name="edition_winners_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def story_html(self) -> SafeString:
        return markdown.render(self.story)

    @property
    def look(self) -> str:
        """Both colours as in the address of the stylesheet. Empty: that of the site."""
        if self.theme == Theme.NIGHT and not (self.color or self.accent):
            return ""
        return "-".join(color.removeprefix("#") or "x" for color in (self.color, self.accent))

    @property
    def own_rules_html(self) -> SafeString:
        return markdown.render(self.own_rules)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


class Colleague(models.Model):
    """Has less than the organizers, who have no row here: see `selectors.is_organizer`."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="colleagues", verbose_name=_("édition")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="colleague_roles",
        verbose_name=_("personne"),
    )
    role = models.CharField(_("rôle"), max_length=6, choices=ColleagueRole)

    class Meta:
        verbose_name = _("collègue")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="colleague_has_one_role")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.edition_id}"


class Department(models.Model):
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="departments", verbose_name=_("édition")
    )
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(r"^[A-Z0-9-]+$", _("Lettres majuscules, chiffres et tirets."))],
    )
    name = models.CharField(_("nom"), max_length=120)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    # Its results stay secret when those of the others are published: its jury needs more time.
    held_back_at = models.DateTimeField(
        _("résultats pour plus tard"), null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("département")
        constraints = [
            models.UniqueConstraint("edition", Lower("code"), name="department_code_in_edition")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def results_published_at(self) -> datetime | None:
        return None if self.held_back_at else self.edition.results_published_at


class Milestone(models.Model):
    """Launch and deadline are not stored here: `Edition.starts_at` and `deadline_at`."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="milestones", verbose_name=_("édition")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=STORED_MILESTONES)
    label = models.CharField(_("intitulé"), max_length=120)
    at = models.DateTimeField(_("heure"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("étape")

    def __str__(self) -> str:
        return self.label


def brief_stamp(pk: int, versions: int) -> str:
    return f"b{pk}-{versions}"


class BriefQuerySet(models.QuerySet["Brief"]):
    def published(self, at: datetime) -> "BriefQuerySet":
        return self.filter(published_at__lte=at)


class Brief(models.Model):
    """What the client asks of one department. Secret until `published_at`, except to organizers."""

    department = models.OneToOneField(
        Department, on_delete=models.CASCADE, related_name="brief", verbose_name=_("département")
    )
    title = models.CharField(_("titre"), max_length=160)
    body = models.TextField(_("texte (Markdown)"))
    published_at = models.DateTimeField(_("instant de publication"))

    objects = BriefQuerySet.as_manager()

    class Meta:
        verbose_name = _("sujet")

    @property
    def html(self) -> SafeString:
        return markdown.render(self.body)

    @property
    def stamp(self) -> str:
        """Of its present text, for the marks of who has read it. One query."""
        return brief_stamp(self.pk, self.versions.count())

    def __str__(self) -> str:
        # Not the title, which is secret: this is written to admin logs and error pages.
        return f"Sujet {self.department_id}"


class BriefVersion(models.Model):
    """A text of a brief; the newest is the one that it has. The journal says who wrote it."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="versions")
    title = models.CharField(max_length=160)
    body = models.TextField()
    written_at = models.DateTimeField(null=True)  # None: before versions were kept
    # Both texts were public: who had read the former one is told.
    replaces_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("version d’un sujet")

    def __str__(self) -> str:
        return f"Sujet {self.brief_id}, {self.pk}"


def attachment_key(instance: "BriefAttachment", filename: str) -> str:
    """An opaque storage key, which reveals neither file name nor department."""
    return f"{instance.pk.hex[:2]}/{instance.pk.hex}"


class BriefAttachment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_key, max_length=100)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "filename"]
        verbose_name = _("pièce jointe")

    def __str__(self) -> str:
        return str(self.pk)


def package_key(instance: models.Model, filename: str) -> str:
    """Of encrypted copies of briefs. Migrations name it."""
    return f"{instance.pk.hex[:2]}/{instance.pk.hex}"
