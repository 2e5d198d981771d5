"""The letter of the jury to a team: with the publication, not a second before."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
import time_machine
from django.test import Client

from hackathon.event.editions.models import Edition
from hackathon.extras.letters.enums import Kind, TeamReads
from hackathon.extras.letters.models import Remark, Sentences
from hackathon.run.privacy import export
from judging.models import Criterion, Juror, Recusal
from judging.scoring.changes import Change
from judging.scoring.services import sheets
from teams.models import Team
from tests.judging.conftest import MORNING, NIGHT, text_of

pytestmark = pytest.mark.time_machine(MORNING + timedelta(minutes=5), tick=False)

LETTER, PDF = "/palmares/mon-equipe/lettre/", "/palmares/mon-equipe/lettre.pdf"


def write(juror: Juror, team: Team, criterion: Criterion, praise: str, advice: str = "") -> None:
    texts = ((Kind.PRAISE, praise), (Kind.ADVICE, advice))
    remarks = [Change(kind, text, criterion) for kind, text in texts if text]
    act = {"by": juror.user, "at": NIGHT}
    sheets.save(juror=juror, team=team, marks={}, remarks=remarks, **act)


@pytest.fixture
def written(scored, dan, diane, criteria, fill, edition) -> Edition:
    comunik, _, third = scored
    need, idea = criteria
    fill(diane, comunik, 14, 10)
    write(dan, comunik, need, "Un vrai besoin, bien observé.", "Chiffrez le marché.")
    write(diane, comunik, need, "Le besoin est juste.", "Allez voir trois clients.")
    write(diane, comunik, idea, "", "Osez davantage.")
    write(dan, third, need, "Phrase d’un brouillon.")
    return edition


def publish(edition: Edition, *, shares_marks: bool) -> None:
    edition.results_published_at, edition.shares_marks = MORNING, shares_marks
    edition.save()


def letter_of(browser: Client) -> str:
    return text_of(browser.get(LETTER)).replace("\xa0", " ")


def pdf_of(browser: Client) -> str:
    pdf = b"".join(browser.get(PDF).streaming_content)
    pages = pypdfium2.PdfDocument(BytesIO(pdf))
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(text.split())


def test_page_and_pdf_say_what_convinced_and_what_to_do_better(written, ada, client_of):
    publish(written, shares_marks=True)
    browser = client_of(ada)

    for letter in (letter_of(browser), pdf_of(browser)):
        for sentence in (
            "Un vrai besoin, bien observé.",
            "Le besoin est juste.",
            "Chiffrez le marché.",
            "Allez voir trois clients.",
            "Osez davantage.",
            "Un vrai marché.",  # the free comment
            "Le jury Information et Communication",
        ):
            assert sentence in letter
        assert "c’est « Réponse au besoin » qui a le plus convaincu : 15,0 sur 20" in letter
        assert "c’est « Originalité » qui vous a coûté le plus de points : 13,0 sur 20" in letter
        assert letter.index("Le besoin est juste.") < letter.index("Un vrai besoin")  # sorted
        assert letter.index("Ce qui a convaincu") < letter.index("Ce qui pourrait être mieux")
        for name in ("Dan", "Diane", "Phrase d’un"):
            assert name not in letter


def test_without_shared_marks_there_is_no_figure_no_comment_and_no_rank(written, ada, client_of):
    publish(written, shares_marks=False)
    browser = client_of(ada)

    for letter in (letter_of(browser), pdf_of(browser)):
        assert "Chiffrez le marché." in letter
        for figure in ("sur 20", "rang", "coefficient", "Un vrai marché.", "D’après les notes"):
            assert figure not in letter


@pytest.mark.parametrize("shares_marks", [True, False])
def test_a_second_before_the_publication_there_is_no_letter(written, ada, client_of, shares_marks):
    publish(written, shares_marks=shares_marks)
    browser = client_of(ada)

    with time_machine.travel(MORNING - timedelta(seconds=1), tick=False):
        before = [browser.get(url).status_code for url in (LETTER, PDF)]
        unlinked = LETTER in text_of(browser.get("/palmares/"))
    with time_machine.travel(MORNING, tick=False):
        after = [browser.get(url).status_code for url in (LETTER, PDF)]
        linked = LETTER in text_of(browser.get("/palmares/"))

    assert (before, unlinked) == ([404, 404], False)
    assert (after, linked) == ([200, 200], True)


@pytest.mark.parametrize("role", ["dan", "diane", "eve", "max", "loner"])
def test_who_is_in_no_team_gets_no_letter(role, written, client_of, request):
    publish(written, shares_marks=True)
    person = request.getfixturevalue(role)
    browser = client_of(getattr(person, "user", person))

    assert [browser.get(url).status_code for url in (LETTER, PDF)] == [404, 404]


def test_a_phrase_that_two_jurors_took_is_written_once(
    written, ada, diane, comunik, criteria, client_of
):
    write(diane, comunik, criteria[0], "Un vrai besoin, bien observé.")
    publish(written, shares_marks=False)

    assert letter_of(client_of(ada)).count("Un vrai besoin, bien observé.") == 1


def test_another_team_reads_its_own_letter(written, fay, five, client_of):
    publish(written, shares_marks=True)

    letter = letter_of(client_of(fay))

    assert "Chiffrez le marché." not in letter
    assert five.name in letter


@pytest.mark.parametrize(
    ("reads", "is_shared", "shown"),
    [
        (TeamReads.ALWAYS, False, True),
        (TeamReads.IF_JUROR_WANTS, True, True),
        (TeamReads.IF_JUROR_WANTS, False, False),
        (TeamReads.NEVER, True, False),
    ],
)
def test_the_organizer_and_the_juror_decide_what_the_team_reads(
    reads, written, ada, dan, client_of, criteria, is_shared, shown
):
    publish(written, shares_marks=True)
    Sentences.objects.create(criterion=criteria[0], team_reads=reads)
    Remark.objects.update(is_shared=is_shared)
    browser = client_of(ada)

    own = str(export.as_data(ada, at=MORNING))

    assert ("Chiffrez le marché." in letter_of(browser)) is shown
    assert ("Chiffrez le marché." in pdf_of(browser)) is shown
    assert ("Chiffrez le marché." in own) is shown
    assert "Chiffrez le marché." in str(export.as_data(dan.user, at=MORNING))


def test_the_letter_says_what_the_president_made_of_a_sentence(written, ada, diane, client_of):
    Remark.objects.update(
        letter_praise="", letter_advice="Donnez un prix.", edited_at=NIGHT, edited_by=diane.user
    )
    publish(written, shares_marks=False)

    letter, own = letter_of(client_of(ada)), str(export.as_data(ada, at=MORNING))

    for text in (letter, own):
        assert "Donnez un prix." in text
        assert "Un vrai besoin" not in text
        assert "Chiffrez" not in text


def test_a_juror_who_does_not_count_writes_in_no_letter(written, ada, dan, comunik, client_of):
    Recusal.objects.create(juror=dan, team=comunik, made_at=NIGHT, made_by=dan.user)
    publish(written, shares_marks=True)

    letter = letter_of(client_of(ada))

    assert "Chiffrez" not in letter
    assert "Allez voir trois clients." in letter


def test_a_team_without_a_sentence_reads_what_its_marks_say(
    scored, fill, dan, diane, five, edition, fay, client_of
):
    fill(diane, five, 18, 9)
    publish(edition, shares_marks=True)
    browser = client_of(fay)

    for letter in (letter_of(browser), pdf_of(browser)):
        assert "c’est « Originalité » qui vous a coûté le plus de points : 11,5 sur 20" in letter
        assert "Commencez par là la prochaine fois." in letter


def test_a_team_with_nothing_to_read_is_told_whom_to_ask(scored, edition, fay, client_of):
    publish(edition, shares_marks=False)
    browser = client_of(fay)

    for letter in (letter_of(browser), pdf_of(browser)):
        assert "demandez-leur par quoi commencer" in letter


def test_marks_that_are_nearly_the_same_have_no_strongest(scored, edition, fay, client_of):
    publish(edition, shares_marks=True)

    letter = letter_of(client_of(fay))

    assert "Vos notes se tiennent, à moins d’un point près." in letter
    assert "a le plus convaincu" not in letter


def test_a_team_that_nobody_has_read_is_told_so(edition, ada, comunik, client_of):
    publish(edition, shares_marks=True)
    browser = client_of(ada)

    for letter in (letter_of(browser), pdf_of(browser)):
        assert "Le jury n’a pas pu lire votre travail." in letter
        assert "Vos notes" not in letter
