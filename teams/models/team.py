from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.rules import SESSION_LIFETIME
from hackathon.base.core.codes import new_code, spoken_code
from hackathon.event.editions.models import Department, Edition
from teams.enums import Circle, ReceiptMails

JOIN_CODE_LENGTH = 6  # about 29 random bits


def new_join_code() -> str:
    return new_code(JOIN_CODE_LENGTH)


class TeamQuerySet(models.QuerySet["Team"]):
    def present(self) -> "TeamQuerySet":
        """Those whom juries read."""
        return self.filter(absent_at=None)

    def showing_works_to(self, circle: Circle) -> "TeamQuerySet":
        """Those that are there and that no organizer hides, of which every member agrees to this
        circle or a larger one.
        """
        members = Membership.objects.filter(team=OuterRef("pk"))
        against = members.filter(shows_works_to__lt=circle)
        shown = self.present().filter(works_hidden_because="")
        return shown.filter(Exists(members), ~Exists(against))


class Team(models.Model):
    # The fields that a captain or an organizer edits: forms, service and admin follow this list.
    EDITABLE = ("name", "project", "room", "floor")

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="teams", verbose_name=_("édition")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="teams", verbose_name=_("département")
    )
    name = models.CharField(_("nom de l’équipe"), max_length=60)
    room = models.CharField(_("salle"), max_length=40, blank=True)
    floor = models.SmallIntegerField(
        _("étage"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-5), MaxValueValidator(60)],
        help_text=_("0 pour le rez-de-chaussée"),
    )
    project = models.CharField(
        _("titre du projet"),
        max_length=160,
        blank=True,
        help_text=_("C’est ainsi que le jury et l’écran le nomment."),
    )
    join_code = models.CharField(
        _("code d’équipe"), max_length=12, unique=True, default=new_join_code, editable=False
    )
    registered_at = models.DateTimeField(_("inscrite"))
    # No jury reads an absent team, and it misses in none of their counts.
    absent_at = models.DateTimeField(_("absente depuis"), null=True, blank=True, editable=False)
    absent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("constaté par"),
    )
    # The organizer who goes to the team.
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("qui y va"),
    )

    # For the team. Not empty: an organizer hides the works from everybody to whom they are shown.
    works_hidden_because = models.CharField(
        _("pourquoi ses travaux sont cachés"), max_length=300, blank=True, editable=False
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("équipe")
        constraints = [
            models.UniqueConstraint("edition", Lower("name"), name="team_name_in_edition"),
            models.CheckConstraint(
                condition=Q(absent_at=None, absent_by=None)
                | Q(absent_at__isnull=False, absent_by__isnull=False),
                name="team_absent_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_code(self) -> str:
        """« KX4-P9T »"""
        return spoken_code(self.join_code)


class Membership(models.Model):
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("édition")
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("équipe")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("personne"),
    )
    is_captain = models.BooleanField(_("capitaine"), default=False)
    joined_at = models.DateTimeField(_("entrée dans l’équipe"))
    absent_at = models.DateTimeField(_("absent depuis"), null=True, blank=True, editable=False)
    # Decision 41. Empty: the account's name, which has not changed since the launch.
    certificate_name = models.CharField(_("nom sur les attestations"), max_length=120, blank=True)
    receipt_mails = models.CharField(
        _("vos e-mails de reçu"),
        max_length=6,
        choices=ReceiptMails,
        default=ReceiptMails.DIGEST,
    )
    shows_address = models.BooleanField(
        _("mes coéquipiers voient mon adresse"),
        default=False,
        help_text=_("Votre adresse e-mail, sur la page de l’équipe, pour ses membres seulement."),
    )
    shows_name = models.BooleanField(
        _("le palmarès montre mon nom"),
        default=False,
        help_text=_("Si l’équipe gagne. Le palmarès est public."),
    )
    shows_works_to = models.PositiveSmallIntegerField(
        _("les travaux de l’équipe sont montrés à"), choices=Circle, default=Circle.UNANSWERED
    )

    # What a member lets others see. Only the member sets them.
    CONSENTS = ("shows_address", "shows_name", "shows_works_to")

    class Meta:
        ordering = ["-is_captain", "joined_at"]
        verbose_name = _("membre")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="membership_one_per_edition"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(is_captain=True), name="membership_one_captain"
            ),
            models.CheckConstraint(
                condition=Q(shows_works_to__in=Circle.values), name="membership_circle_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.team_id}"


class Removal(models.Model):
    """A person was removed from a team. Their pages show it until they join a team again."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="removals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="removals"
    )
    team_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="removal_once_per_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ← {self.team_name}"


class TeamNote(models.Model):
    """Of the organizers: nobody else may read it."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="notes", verbose_name=_("équipe")
    )
    text = models.CharField(_("note"), max_length=300)
    written_at = models.DateTimeField(_("écrite"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("écrite par"),
    )

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("note sur une équipe")
        verbose_name_plural = _("notes sur les équipes")

    def __str__(self) -> str:
        return f"{self.team_id} {self.pk}"


class StudentQuerySet(models.QuerySet["Student"]):
    def never_came(self) -> "StudentQuerySet":
        """Who has not been signed in since they are on the list, but maybe in an earlier year. A
        session of just before may have been open then.
        """
        listed_at = F("listed_at") - SESSION_LIFETIME
        return self.filter(Q(user__last_login=None) | Q(user__last_login__lt=listed_at))

    def waiting(self) -> "StudentQuerySet":
        """Whose invitation has not left."""
        return self.filter(mail_at__isnull=False)


class Student(models.Model):
    """Who takes part in an edition by the lists of the school, also without a team."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="students", verbose_name=_("édition")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="studies",
        verbose_name=_("personne"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="students",
        verbose_name=_("département"),
    )
    # Of the school. It stays when the address changes.
    number = models.CharField(_("numéro étudiant"), max_length=40, blank=True)
    programme = models.CharField(_("formation"), max_length=120, blank=True)
    group = models.CharField(_("groupe"), max_length=120, blank=True)
    listed_at = models.DateTimeField(_("sur la liste depuis"), null=True)  # None: not known
    invited_at = models.DateTimeField(_("invité le"), null=True, blank=True)  # the last time
    # When the next invitation leaves. Null: none waits.
    mail_at = models.DateTimeField(_("départ de l’invitation"), null=True, blank=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "user__email"]
        verbose_name = _("étudiant")
        indexes = [
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="student_to_mail"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="student_once_per_edition"),
            models.UniqueConstraint(
                fields=["edition", "number"],
                condition=~Q(number=""),
                name="student_number_in_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.edition_id}"

    @property
    def has_come(self) -> bool:
        """As `never_came`."""
        last = self.user.last_login
        if last is None:
            return False
        return self.listed_at is None or last >= self.listed_at - SESSION_LIFETIME
