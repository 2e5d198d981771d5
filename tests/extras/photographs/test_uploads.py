"""What is kept of a picture, and why one is refused."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from hackathon.base.core.errors import NotFound, Refused
from hackathon.extras.photographs import drawing, rules, services
from hackathon.extras.photographs.errors import PhotographRefusal
from hackathon.extras.photographs.models import Photograph
from tests.conftest import NOON
from tests.extras.photographs.pictures import CAMERA, COMMENT, drawn, jpeg, picture
from tests.judging.conftest import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]
INDEX = "/organisation/editions/ccd-2020/photos/"


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_two_sizes_are_made_upright_and_without_what_the_camera_wrote():
    sent = jpeg(size=(3000, 2000))

    made = drawing.sizes(sent)

    assert CAMERA.encode() in sent
    assert COMMENT.encode() in sent
    large, small = opened(made.large), opened(made.small)
    assert (large.format, large.size) == ("JPEG", (1333, 2000))
    assert (small.format, small.size) == ("WEBP", (427, 640))
    for image, content in ((large, made.large), (small, made.small)):
        assert not image.getexif()
        assert {"exif", "xmp", "comment", "icc_profile"}.isdisjoint(image.info)
        assert CAMERA.encode() not in content
        assert COMMENT.encode() not in content


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("MPO", "RGB")]
)
def test_other_formats_are_read_too(kind, mode):
    sent = io.BytesIO()
    Image.new(mode, (30, 20)).save(sent, kind)

    made = drawing.sizes(sent.getvalue())

    assert opened(made.large).size == opened(made.small).size == (30, 20)


def test_a_picture_of_too_many_pixels_is_not_decoded(monkeypatch):
    sent = jpeg()
    monkeypatch.setattr(drawing, "JPEG_PIXELS_MAX", 60 * 40 - 1)
    monkeypatch.setattr(Image.Image, "load", lambda _image: pytest.fail("it was decoded"))

    with pytest.raises(ValueError, match="too many pixels"):
        drawing.sizes(sent)


@pytest.mark.system
def test_good_pictures_of_a_form_are_kept_and_the_others_are_named(client_of, edition, eve):
    files = [
        SimpleUploadedFile("a.jpg", jpeg("navy")),
        SimpleUploadedFile("iphone.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40),
        SimpleUploadedFile("notes.txt", b"pas une photo"),
        SimpleUploadedFile("vide.jpg", b""),
        SimpleUploadedFile("coupee.jpg", jpeg("red")[:300]),
        SimpleUploadedFile("encore-a.jpg", jpeg("navy")),
        SimpleUploadedFile("b.jpg", jpeg("green")),
    ]

    page = client_of(eve).post(INDEX, {"pictures": files})

    text = text_of(page)
    assert page.status_code == 422
    assert "2 photos ajoutées." in text
    assert "« iphone.heic » est une photo HEIC d’iPhone" in text
    assert "« notes.txt » n’est pas une photo" in text
    assert "« vide.jpg » n’est pas une photo" in text
    assert "« coupee.jpg » ne s’ouvre pas" in text
    assert "« encore-a.jpg » est déjà parmi les photos." in text
    assert [photograph.position for photograph in Photograph.objects.all()] == [1, 2]


@pytest.mark.system
def test_the_file_that_was_sent_is_not_kept(edition, eve, settings):
    kept, refused = services.add(edition, [picture("a.jpg")], by=eve, at=NOON)

    assert (kept, refused) == (1, [])
    photograph = Photograph.objects.get()
    for stored in (photograph.large, photograph.small):
        with stored.open("rb") as file:
            assert CAMERA.encode() not in file.read()


def test_a_form_without_a_file_says_so(client_of, edition, eve):
    page = client_of(eve).post(INDEX, {})

    assert page.status_code == 422
    assert "Choisissez une photo au moins." in text_of(page)


@pytest.mark.parametrize(
    ("size", "kind", "head", "code"),
    [
        (5, "image/jpeg", b"\xff\xd8\xff\xe0........", None),
        (rules.MAX_BYTES + 1, "image/jpeg", b"\xff\xd8\xff\xe0........", "TOO_LARGE"),
        (5, "video/mp4", b"\0\0\0\x18ftypmif1", "HEIC"),
        (5, "video/mp4", b"\0\0\0\x18ftypisom", "KIND"),
        (5, "", b"BM..........", "KIND"),
    ],
)
def test_a_file_is_refused_by_its_bytes(size, kind, head, code):
    refusal = rules.file_refusal("photo.jpg", size, kind, head)

    assert (refusal and refusal.code) == (code and PhotographRefusal[code])


def test_an_edition_has_a_hundred_at_most(edition, eve, monkeypatch):
    monkeypatch.setattr(rules, "PHOTOGRAPHS_MAX", 2)

    kept, refused = services.keep(edition, [drawn(f"{n}.jpg") for n in range(4)], by=eve, at=NOON)

    assert kept == 2
    assert [refusal.code for refusal in refused] == [PhotographRefusal.TOO_MANY] * 2
    assert refused[1].params == {"filename": "3.jpg", "max": 2}


@pytest.mark.system
def test_more_than_the_maximum_at_once_are_named(edition, eve, monkeypatch):
    monkeypatch.setattr(rules, "AT_ONCE", 1)

    kept, refused = services.add(
        edition, [picture("a.jpg"), picture("b.jpg", "red")], by=eve, at=NOON
    )

    assert kept == 1
    assert [refusal.code for refusal in refused] == [PhotographRefusal.AT_ONCE]
    assert refused[0].params["filename"] == "b.jpg"


def test_a_picture_names_teams_or_nobody(edition, group, comunik, eve):
    values = {"caption": "", "position": None, "by": eve, "at": NOON}

    with pytest.raises(Refused) as refused:
        services.change(
            edition=edition, pk=group.pk, teams=[comunik.pk], shows_nobody=True, **values
        )

    assert refused.value.refusal.code == PhotographRefusal.NAMED_AND_NOBODY


def test_the_form_says_what_a_picture_shows(client_of, edition, group, pixels, eve):
    body = {"caption": "Pause pizza H-4", "teams": [pixels.pk], "position": "3"}

    client_of(eve).post(f"{INDEX}{group.pk}/", body)
    refused = client_of(eve).post(f"{INDEX}{group.pk}/", {**body, "shows_nobody": "on"})

    group.refresh_from_db()
    assert (group.caption, group.position) == ("Pause pizza H-4", 3)
    assert list(group.teams.all()) == [pixels]
    assert refused.status_code == 422
    assert "pas les deux" in text_of(refused)


def test_a_removed_picture_is_gone_with_its_files(
    edition, group, eve, django_capture_on_commit_callbacks
):
    storage, names = group.large.storage, [group.large.name, group.small.name]
    assert all(map(storage.exists, names))

    with django_capture_on_commit_callbacks(execute=True):
        services.remove(edition=edition, pk=group.pk, by=eve, at=NOON)

    assert not any(map(storage.exists, names))
    with pytest.raises(NotFound):
        services.remove(edition=edition, pk=group.pk, by=eve, at=NOON)


def test_who_does_not_organize_adds_nothing(edition, ada):
    with pytest.raises(Refused):
        services.keep(edition, [drawn("a.jpg")], by=ada, at=NOON)


def test_only_a_member_of_a_team_is_asked(edition, dan):
    with pytest.raises(Refused) as refused:
        services.answer(edition, dan.user, agrees=True, at=NOON)

    assert refused.value.refusal.code == PhotographRefusal.NOT_MEMBER
