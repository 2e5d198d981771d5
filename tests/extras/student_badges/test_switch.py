from django.urls import reverse

from hackathon.event.editions.models import Edition


def test_without_the_extra_there_are_no_badges_to_print(edition, comunik, eve, client_of):
    browser = client_of(eve)
    index = reverse("printing:index", args=[edition.slug])
    sheets = [f"{index}badges.pdf", f"{index}portes.pdf"]
    page = browser.get(index).content.decode()
    Edition.objects.update(extras=[])

    without = browser.get(index).content.decode()

    assert [(sheet in page, sheet in without) for sheet in sheets] == [(True, False)] * 2
    assert f"{index}etages.pdf" in without
    addresses = [*sheets, reverse("student_badges:where", args=[comunik.pk])]
    assert [browser.get(address).status_code for address in addresses] == [404] * 3
