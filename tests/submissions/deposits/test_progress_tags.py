import pytest
from django.template import Context, engines

from submissions.enums import ProgressState


def render(source, **context):
    return engines["django"].from_string(source).template.render(Context(context))


@pytest.mark.parametrize("state", ProgressState.values)
def test_a_window_shows_its_state_as_text_and_by_its_class(state):
    html = render("{% window state label %}", state=state, label="Com’unik : reçu")

    assert f"is-{state}" in html
    assert 'role="img" aria-label="Com’unik : reçu"' in html


def test_a_badge_names_the_punctuality():
    html = render('{% punctuality_badge "in_grace" %}')

    assert html == '<span class="badge is-info">dans la marge</span>\n'


@pytest.mark.parametrize(
    "source",
    [
        '{% window "lit" "x" %}',
        '{% window "late" "x" size="huge" %}',
        '{% punctuality_badge "early" %}',
    ],
)
def test_an_unknown_state_or_size_raises(source):
    with pytest.raises(ValueError, match=r"is not a valid|Unknown window size"):
        render(source)
