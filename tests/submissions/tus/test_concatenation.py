"""Parallel parts and what they are joined into."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from hackathon.accounts.models import User
from hackathon.core import clock
from submissions import periodic
from submissions.models import Deliverable, Submission, Upload
from teams.models import Team
from tests.submissions.tus.wire import Tus, content, metadata

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

FILE = content(200_000)


def parts_of(tus: Tus, *pieces: bytes) -> list[str]:
    """Parts with these bytes, begun without metadata as tus-js-client does."""
    urls = []
    for piece in pieces:
        answer = tus.post(upload_length=str(len(piece)), upload_concat="partial")
        assert answer.status_code == 201
        url = answer.headers["Location"]
        assert tus.patch(url, 0, piece).status_code == 204
        urls.append(url)
    return urls


def join(tus: Tus, deliverable: Deliverable, urls: list[str], **headers: str):
    """The request for the whole."""
    words = metadata(deliverable=str(deliverable.pk), filename="dossier.pdf")
    given = {"upload_concat": f"final;{' '.join(urls)}", "upload_metadata": words, **headers}
    return tus.post(**given)


def test_parts_become_a_submission(tus: Tus, dossier: Deliverable) -> None:
    urls = parts_of(tus, FILE[:80_000], FILE[80_000:80_001], FILE[80_001:])
    absolute = [f"http://testserver{urls[0]}", *urls[1:]]

    answer = join(tus, dossier, absolute)
    head = tus.head(answer.headers["Location"])

    submission = Submission.objects.get()
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "200000")
    assert answer.headers["Submission-Id"] == str(submission.pk)
    assert submission.sha256 == hashlib.sha256(FILE).hexdigest()
    assert submission.filename == "dossier.pdf"
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("200000", "200000")
    assert head.headers["Upload-Concat"] == f"final;{' '.join(absolute)}"
    assert "deliverable" in head.headers["Upload-Metadata"]
    assert not list(settings.UPLOADS_DIR.iterdir())


def test_a_part_says_that_it_is_one(tus: Tus, dossier: Deliverable) -> None:
    answer = tus.post(upload_length="100", upload_concat="partial")
    url = answer.headers["Location"]
    tus.patch(url, 0, content(100)[:40])

    head = tus.head(url)
    tus.patch(url, 40, content(100)[40:])

    assert head.headers["Upload-Concat"] == "partial"
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("40", "100")
    assert "Upload-Metadata" not in head.headers
    assert tus.head(url).headers["Upload-Offset"] == "100"
    assert not Submission.objects.exists()


def test_the_whole_takes_no_bytes(tus: Tus, dossier: Deliverable) -> None:
    url = join(tus, dossier, parts_of(tus, FILE)).headers["Location"]

    assert [tus.patch(url, offset, b"x").status_code for offset in (0, 200_000)] == [403, 403]
    assert Submission.objects.get().size == 200_000


def test_a_part_that_is_not_whole_is_400_and_goes_on(tus: Tus, dossier: Deliverable) -> None:
    first = parts_of(tus, FILE[:100_000])
    second = tus.post(upload_length="100000", upload_concat="partial").headers["Location"]
    tus.patch(second, 0, FILE[100_000:150_000])

    early = join(tus, dossier, [*first, second])
    tus.patch(second, 50_000, FILE[150_000:])

    assert (early.status_code, early.json()["code"]) == (400, "part_unfinished")
    assert join(tus, dossier, [*first, second]).status_code == 201
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_asked_again_it_is_the_same_whole(tus: Tus, dossier: Deliverable) -> None:
    """The answer was lost on the way: the client looks at its parts, then asks once more."""
    urls = parts_of(tus, FILE[:100_000], FILE[100_000:])

    first = join(tus, dossier, urls)
    parts = [tus.head(url) for url in urls]
    second = join(tus, dossier, urls)

    assert [part.headers["Upload-Offset"] for part in parts] == ["100000", "100000"]
    assert second.status_code == 201
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Receipt-Code"] == first.headers["Receipt-Code"]
    assert Submission.objects.count() == 1


def test_a_join_that_was_interrupted_is_made_anew(tus: Tus, dossier: Deliverable) -> None:
    """As a killed process leaves it: the row is there, the whole is half written."""
    urls = parts_of(tus, FILE[:100_000], FILE[100_000:])
    begun = Upload.objects.get(pk=urls[0].rsplit("/", 1)[1])
    half = Upload.objects.create(
        team=begun.team,
        deliverable=dossier,
        begun_by=begun.begun_by,
        part="joined",
        length=len(FILE),
        filename="dossier.pdf",
        concat=f"final;{' '.join(urls)}",
        begun_at=begun.begun_at,
        expires_at=begun.expires_at,
    )
    (settings.UPLOADS_DIR / half.pk.hex).write_bytes(FILE[:70_000])

    head = tus.head(f"/uploads/{half.pk.hex}")
    answer = join(tus, dossier, urls)

    assert (head.status_code, "Upload-Offset" in head.headers) == (200, False)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/uploads/{half.pk.hex}"
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_a_part_may_come_twice(tus: Tus, dossier: Deliverable) -> None:
    head, body = parts_of(tus, b"%PDF-1.7\n", b"tick tock ")

    answer = join(tus, dossier, [head, body, body])

    assert answer.status_code == 201
    with Submission.objects.get().file.open() as file:
        assert file.read() == b"%PDF-1.7\ntick tock tick tock "


def test_a_used_part_cannot_go_into_another_whole(tus: Tus, dossier: Deliverable) -> None:
    one, other = parts_of(tus, FILE[:50], FILE[50:100])
    join(tus, dossier, [one])

    answer = join(tus, dossier, [one, other])

    assert (answer.status_code, answer.json()["code"]) == (410, "lost")
    assert join(tus, dossier, [other]).status_code == 201


def test_another_teams_part_is_404(
    tus: Tus, dossier: Deliverable, pixels: Team, cleo: User, tus_of: Callable[[User], Tus]
) -> None:
    ours = parts_of(tus, FILE[:50])
    theirs = parts_of(tus_of(cleo), b"secret") if _asked_of(pixels) else []

    answers = [join(tus, dossier, [*ours, *theirs]), join(tus_of(cleo), dossier, ours)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Submission.objects.exists()


def _asked_of(team: Team) -> Deliverable:
    return Deliverable.objects.create(
        department=team.department, name="Prototype", formats=["zip"], max_bytes=1000, position=1
    )


def test_what_is_not_a_part_is_404(tus: Tus, dossier: Deliverable) -> None:
    whole = tus.begun(dossier, 100)

    assert join(tus, dossier, [whole]).status_code == 404
    assert join(tus, dossier, ["/uploads/" + "0" * 32]).status_code == 404


@pytest.mark.parametrize(
    "words",
    [
        "",
        "part",
        "final",
        "final;",
        "final;/files/" + "0" * 32,
        "final;/uploads/x",
        "final;/uploads/../" + "0" * 32,
        "partial;/uploads/" + "0" * 32,
        "final;" + " ".join(["/uploads/" + "0" * 32] * 101),
    ],
)
def test_words_that_cannot_be_understood_are_400(
    tus: Tus, dossier: Deliverable, words: str
) -> None:
    assert join(tus, dossier, [], upload_concat=words).status_code == 400


def test_the_whole_is_judged_by_the_rules(tus: Tus, dossier: Deliverable) -> None:
    dossier.max_bytes = 150_000
    dossier.save()
    urls = parts_of(tus, FILE[:100_000], FILE[100_000:])

    too_large = join(tus, dossier, urls)
    wrong = join(
        tus,
        dossier,
        urls[:1],
        upload_metadata=metadata(deliverable=str(dossier.pk), filename="x.exe"),
    )
    nameless = join(tus, dossier, urls[:1], upload_metadata="")

    assert (too_large.status_code, too_large.json()["code"]) == (413, "too_large")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_format")
    assert nameless.status_code == 400
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("length", "status"), [(0, 422), (5_000_000, 201), (5_000_001, 413)])
def test_a_part_is_never_longer_than_any_file_asked_for(
    tus: Tus, dossier: Deliverable, length: int, status: int
) -> None:
    answer = tus.post(upload_length=str(length), upload_concat="partial")

    assert answer.status_code == status


def test_parts_given_up_and_expired_parts_leave_nothing(tus: Tus, dossier: Deliverable) -> None:
    one, _other = parts_of(tus, FILE[:50], FILE[50:100])

    deleted = tus.delete(one)
    Upload.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    periodic.forget_uploads()

    assert deleted.status_code == 204
    assert not Upload.objects.exists()
    assert not list(settings.UPLOADS_DIR.iterdir())


def test_the_whole_began_when_its_first_part_began(tus: Tus, dossier: Deliverable) -> None:
    urls = parts_of(tus, FILE[:50], FILE[50:100])
    begun = clock.now() - timedelta(minutes=30)
    Upload.objects.filter(pk=urls[1].rsplit("/", 1)[1]).update(begun_at=begun)

    join(tus, dossier, urls)

    assert Submission.objects.get().begun_at == begun
