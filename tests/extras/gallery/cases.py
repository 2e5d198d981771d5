from datetime import datetime
from types import SimpleNamespace

from hackathon.extras.gallery import services
from hackathon.extras.gallery.enums import Opening
from tests.access.roles import EVERYBODY, JURY, NOBODY_YET, ORGANIZER, STUDENTS
from tests.conftest import DEADLINE, NOON
from tests.extras import Cases, Rows
from tests.judging.conftest import MORNING
from tests.site.live_actions import hide_the_works, show_the_works
from tests.site.live_case import Case

KINDS = {"content": "submission", "copy": "submission", "thumbnail": "submission", "work": "team"}
# test_gallery has the open gallery, with something in it
READS = {
    **{f"gallery:own-{page}": frozenset() for page in KINDS},
    **{f"gallery:guest-{page}": NOBODY_YET for page in KINDS},
    **{f"gallery:public-{page}": NOBODY_YET for page in KINDS},
    "gallery:card": STUDENTS,
    "gallery:guest-index": EVERYBODY,
    "gallery:own-index": STUDENTS | ORGANIZER,  # and jurors whose jury has decided
    "gallery:public-index": NOBODY_YET,
    "gallery:sentence": STUDENTS,
    "gallery:settings": ORGANIZER,
    "api:gallery": STUDENTS | ORGANIZER,
    "api:gallery-submissions-content": frozenset(),
}
WRITES = {
    "gallery:choose": STUDENTS,
    "gallery:invite": ORGANIZER,
    "gallery:sentence": STUDENTS,
    "gallery:settings": ORGANIZER,
    "gallery:withdraw": ORGANIZER,
}
PK_OF = {
    **{
        f"gallery:{way}-{page}": kind
        for way in ("own", "guest", "public")
        for page, kind in KINDS.items()
    },
    **{(f"gallery:guest-{page}", "key"): "guest" for page in ("index", *KINDS)},
    "gallery:withdraw": "guest",
    "api:gallery-submissions-content": "submission",
}
SENTENCES = {
    "gallery.planned": (
        {"opening": "results"},
        "Eve a réglé la galerie : Avec les résultats.",
    ),
    "gallery_guest.invited": (
        {"guest": "Ville"},
        "Eve a fait un lien vers la galerie pour « Ville ».",
    ),
    "gallery_guest.withdrawn": (
        {"guest": "Ville"},
        "Eve a retiré le lien vers la galerie de « Ville ».",
    ),
    "project_sentence.written": (
        {"team": 1},
        "Eve a écrit la phrase du projet de « Les Pixels ».",
    ),
}


def objects(world: Rows) -> Rows:
    edition, eve = world["edition"], world["organizer"]
    return {
        "guest": services.invite(edition=edition, name="Ville", ends_at=DEADLINE, by=eve, at=NOON)
    }


def _write_the_sentence(w: SimpleNamespace, at: datetime) -> None:
    services.write_sentence(w.team, "Un marché de quartier.", by=w.ada, at=at)


def _open_with_the_results(w: SimpleNamespace, at: datetime) -> None:
    plan = {"opening": Opening.RESULTS, "opens_at": None, "shown": [w.deliverable.pk]}
    services.save(edition=w.edition, by=w.organizer, at=at, **plan)


def _invite(w: SimpleNamespace, at: datetime) -> None:
    services.invite(edition=w.edition, name="Banque", ends_at=DEADLINE, by=w.organizer, at=at)


CASES = Cases(
    reads=READS,
    published_reads={
        "gallery:public-index": EVERYBODY,
        **dict.fromkeys(("api:gallery", "gallery:own-index"), STUDENTS | JURY | ORGANIZER),
    },
    writes=WRITES,
    bodies={
        "gallery:choose": lambda _world: {"circle": "2"},
        "gallery:invite": lambda _world: {"name": "Banque", "ends_at": "2020-02-20T08:00"},
    },
    pk_of=PK_OF,
    sentences=SENTENCES,
    messages={
        "gallery.changed": Case(_invite, shows=False),  # a list beside a form, which stays
        "work.changed": Case(hide_the_works, MORNING, before=show_the_works),
        "work.described": Case(_write_the_sentence),
        "work.planned": Case(_open_with_the_results),
    },
    pages={"ada": [("gallery:own-index", {})]},
    objects=objects,
)
