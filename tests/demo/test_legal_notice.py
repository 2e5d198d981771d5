from hackathon.day.site import rules
from hackathon.day.site.models import LegalNotice
from hackathon.event.editions.models import Edition
from hackathon.run.demo.build import fill_in_legal_notice
from tests.conftest import NOON


def test_the_demo_fills_in_the_legal_notice_with_texts_that_are_plainly_made_up(edition, eve):
    Edition.objects.update(slug="demo-running")

    fill_in_legal_notice(eve, at=NOON)

    notice = LegalNotice.objects.get()
    assert rules.missing(notice) == []
    names = (notice.publisher, notice.director, notice.host, notice.dpo)
    assert all("inventé" in name for name in names)


def test_the_demo_leaves_the_legal_notice_of_a_real_site_alone(edition, eve):
    fill_in_legal_notice(eve, at=NOON)
    assert not LegalNotice.objects.exists()

    Edition.objects.update(slug="demo-running")
    LegalNotice.objects.create(pk=1, host="Le nôtre")
    fill_in_legal_notice(eve, at=NOON)

    assert LegalNotice.objects.get().host == "Le nôtre"
    assert LegalNotice.objects.get().publisher == ""
