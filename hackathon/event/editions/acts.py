from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import extras
from hackathon.base.core.acts import Facts, registry
from hackathon.base.core.formats import duration_text
from hackathon.event.editions.enums import ColleagueRole, LatePolicy, Notice

INSTANTS = {
    "registration_opens_at": _("l’ouverture des inscriptions"),
    "registration_closes_at": _("la clôture des inscriptions"),
    "starts_at": _("le lancement"),
    "deadline_at": _("l’heure limite"),
    "judging_opens_at": _("l’ouverture de la notation"),
}


def _moved(facts: Facts) -> str:
    moves = [_one(facts, name, *pair) for name, pair in facts.detail["changes"].items()]
    return f"{facts.who} {', '.join(moves)}."


def _day_moved(facts: Facts) -> str:
    text = gettext("{who} a décalé toute la journée : {n} heures, lancement de {before} à {after}.")
    before, after = map(facts.when, facts.detail["changes"]["starts_at"])
    return text.format(who=facts.who, n=facts.detail["n"], before=before, after=after)


def _one(facts: Facts, name: str, before: str, after: str) -> str:
    if name in INSTANTS:
        later = gettext("a repoussé {what} de {before} à {after}")
        text = later if after > before else gettext("a avancé {what} de {before} à {after}")
        times = {"before": facts.when(before), "after": facts.when(after)}
        return text.format(what=INSTANTS[name], **times)
    if name == "grace_seconds":
        text = gettext("a changé la marge de {before} à {after}")
        return text.format(before=duration_text(float(before)), after=duration_text(float(after)))
    if name == "promise_minutes":
        text = gettext("a changé la fin de ce qui est annoncé : {after} min après la marge")
        return text.format(after=after)
    return gettext("a choisi après la marge : {after}").format(after=LatePolicy(after).label)


def _options(facts: Facts) -> str:
    labels = {extra.name: str(extra.label) for extra in extras.registry}
    on, off = (
        ", ".join(labels.get(name, name) for name in facts.detail[key]) for key in ("on", "off")
    )
    said = [gettext("activé : {names}").format(names=on)] if on else []
    said += [gettext("désactivé : {names}").format(names=off)] if off else []
    text = gettext("{who} a choisi les options ({said}).")
    return text.format(who=facts.who, said=" ; ".join(said))


registry.add(
    _("Calendrier"),
    {
        "milestone.added": _("{who} a ajouté l’étape « {label} », {milestone_at}."),
        "milestone.changed": _("{who} a modifié l’étape « {label} »."),
        "milestone.deleted": _("{who} a supprimé l’étape « {label} »."),
        "move.undone": _("{who} a annulé un déplacement d’heure."),
        "registration.frozen": _("{who} a gelé les inscriptions."),
        "registration.unfrozen": _("{who} a rouvert les inscriptions."),
        "milestone.reached": _("{who} a rappelé l’heure : {notice}."),
    },
    says={"edition.moved": _moved, "day.moved": _day_moved},
    notice=Notice,
)
registry.add(
    _("Édition"),
    {
        "edition.created": _("{who} a créé l’édition « {slug} »."),
        "edition.cloned": _("{who} a dupliqué l’édition « {source} »."),
        "edition.updated": _("{who} a modifié l’édition."),
        "edition.shown": _("{who} a affiché cette édition sur le site."),
        "edition.hidden": _("{who} a retiré cette édition du site."),
        "edition.archived": _("{who} a archivé cette édition."),
        "edition.deleted": _("{who} a supprimé l’édition « {name} »."),
        "installation.made": _("{who} a installé le site."),
        "edition.deliberated": _("Tous les jurys ont décidé : les délibérations sont closes."),
        "edition.reopened": _(
            "Un jury a rouvert sa décision : les délibérations ne sont plus closes."
        ),
        "results.published": _("{who} a publié les résultats."),
        "department.added": _("{who} a ajouté le département {code}."),
        "department.changed": _("{who} a modifié le département {code}."),
        "department.deleted": _("{who} a supprimé le département {code}."),
        "organizer.added": _("{who} a ajouté {person} à l’organisation."),
        "organizer.removed": _("{who} a retiré {person} de l’organisation."),
        "colleague.added": _("{who} a donné ce rôle à {person} : {role}."),
    },
    role=ColleagueRole,
    says={"edition.options_chosen": _options},
)
registry.add(
    _("Sujets"),
    {
        "brief.written": _(
            "{who} a écrit le sujet du département {department}, publié : {published_at}."
        ),
        "brief.attached": _("{who} a joint une pièce au sujet du département {department}."),
        "brief.detached": _("{who} a retiré une pièce du sujet du département {department}."),
    },
)
