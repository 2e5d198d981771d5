"""A team sees its work as its jury does."""

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.core.received_files import received_file
from submissions.deposits import services as deposits
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_a_team_sees_what_counts_in_the_viewer_of_the_jury_and_no_other_team(
    comunik, pixels, dossier, site_link, ada, ben, cleo, client_of
):
    pdf = deposits.deposit(
        dossier,
        comunik,
        file=received_file(b"%PDF-1.4 dossier", "dossier.pdf"),
        begun_at=NOON,
        by=ada,
        at=NOON,
    )
    page = reverse("judging:preview")
    content = reverse("judging:preview-content", args=[pdf.pk])
    with time_machine.travel(NOON, tick=False):
        opened = client_of(ben).get(page).content.decode()
        part = client_of(ben).get(
            f"{page}?deliverable={site_link.pk}",
            headers={"HX-Request": "true", "HX-Target": "work"},
        )
        others = client_of(cleo).get(page).content.decode()
        inline = client_of(ben).get(content)

    assert f'data-viewer="pdf" data-src="{content}"' in opened
    assert 'id="content"' not in part.content.decode()
    assert "rien rendu" in part.content.decode()
    assert content not in others
    assert inline["Content-Disposition"].startswith("inline")
    assert b"".join(inline.streaming_content) == b"%PDF-1.4 dossier"
    assert client_of(cleo).get(content).status_code == 404
