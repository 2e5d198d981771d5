"""The sheet of an edition for the school's register (RGPD, article 30), as a PDF."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hackathon.base.core.formats import date_text
from hackathon.base.core.typeset import one_line, typeset
from hackathon.day.site.selectors import legal_notice
from hackathon.event.editions.models import Edition
from hackathon.run.privacy.kept import Chapter, chapters

LINE_CHARS = 300


def sheet(edition: Edition, *, at: datetime) -> bytes:
    """In the active language. What only the school knows is left to fill in."""
    data = {
        "lang": get_language() or "fr",
        "title": _("Registre des activités de traitement"),
        "event": one_line(edition.name, LINE_CHARS),
        "article": _("Fiche selon l’article 30, paragraphe 1, du RGPD"),
        "made": _("Faite le %(day)s") % {"day": date_text(at, "j F Y")},
        "facts": _facts(edition),
        "processing": _("Ce qui est traité, sujet par sujet"),
        "labels": [
            _("Finalité"),
            _("Base légale"),
            _("Destinataires"),
            _("Données et délais"),
        ],
        "subjects": [_subject(chapter) for chapter in chapters()],
        "measures_title": _("g) Mesures de sécurité"),
        "measures": [
            _(
                "Connexion par code, par mot de passe ou par le compte de l’université ; une"
                " seconde preuve pour l’organisation."
            ),
            _("Chaque page vérifie les droits ; un test essaie chaque adresse avec chaque rôle."),
            _("Échanges chiffrés (HTTPS) ; aucune page ne s’adresse à un autre site."),
            _("Les fichiers reçus sont examinés dans un processus isolé et ne s’exécutent jamais."),
            _("Sauvegardes régulières ; la clé du site y est chiffrée."),
            _("Un journal que rien ne modifie, sauf l’effacement et l’anonymisation."),
        ],
    }
    return typeset("privacy/register.typ", data, at=at)


def _facts(edition: Edition) -> list[list[str]]:
    to_fill = _("à compléter par l’école")
    controller = " · ".join(filter(None, [edition.school, edition.place]))
    notice = legal_notice()
    dpo = " · ".join(filter(None, [notice.dpo, notice.dpo_contact]))
    facts = [
        (_("a) Responsable du traitement"), controller),
        (_("Contact"), edition.contact),
        (_("Délégué à la protection des données"), dpo),
        (
            _("b) Finalité générale"),
            _(
                "Organiser une journée de concours entre équipes d’étudiants :"
                " inscriptions, dépôts, jurys, résultats."
            ),
        ),
        (
            _("c) Personnes concernées"),
            _("Étudiants, jurés, organisation, personnes qui aident, client."),
        ),
        (
            _("Données sensibles (article 9)"),
            _(
                "Besoins alimentaires, avec l’accord de la personne ;"
                " note privée sur un délai, qui peut toucher à la"
                " santé."
            ),
        ),
        (
            _("d) Destinataires"),
            _("Les personnes nommées à chaque sujet. Aucune vente, aucune publicité."),
        ),
        (
            _("e) Transferts hors de l’Union"),
            _(
                "Aucun par le site. Si une personne demande des"
                " notifications, leur texte chiffré passe par le service de son navigateur."
            ),
        ),
        (
            _("f) Délais d’effacement"),
            _("Ceux de chaque sujet ; des tâches du site les appliquent."),
        ),
    ]
    return [[label, one_line(text, LINE_CHARS) or to_fill] for label, text in facts]


def _subject(chapter: Chapter) -> dict[str, object]:
    return {
        "title": str(chapter.subject.title),
        "purpose": str(chapter.subject.purpose),
        "basis": chapter.basis,
        "readers": chapter.readers,
        "kept": [
            [kept, [_line(line.what, line.readers, line.basis) for line in lines]]
            for kept, lines in chapter.kept.items()
        ],
    }


def _line(what: str, *others: str) -> str:
    more = " ; ".join(filter(None, others))
    return f"{what} ({more})" if more else what
