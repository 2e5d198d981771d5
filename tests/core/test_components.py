from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, engines
from django.utils import timezone

from hackathon.base.core.forms import LocalDateTimeInput
from hackathon.base.core.templatetags import components

NOW = datetime(2020, 2, 13, 21, 46, 18, tzinfo=UTC)  # 22:46:18 in Paris


def render(source, **context):
    return engines["django"].from_string(source).template.render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "no-such-icon" %}',
        '{% icon "../check" %}',
        '{% badge "x" "purple" %}',
        '{% countdown at follows="lunch" %}',
        '{% countdown at size="xxl" %}',
    ],
)
def test_an_unknown_name_raises(source):
    with pytest.raises(ValueError, match="Unknown"):
        render(source, at=NOW)


def test_a_misspelt_field_raises():
    with pytest.raises(TypeError, match="wants a field"):
        render("{% field form.nmae %}", form=forms.Form())


def test_an_icon_is_inline_and_hidden_from_screen_readers():
    html = render('{% icon "check" %}')

    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html
    assert 'd="M5 12l5 5l10 -10"' in html
    assert 'd="M0 0h24v24H0z"' not in html


@pytest.mark.parametrize(
    ("left", "text", "state"),
    [
        (timedelta(days=2, hours=5, minutes=59), "2 j 5 h", "calm"),
        (timedelta(hours=4, minutes=13, seconds=42), "4:13:42", "calm"),
        (timedelta(hours=1), "1:00:00", "hour"),
        (timedelta(minutes=13, seconds=41, milliseconds=300), "13:42", "hour"),
        (timedelta(minutes=10), "10:00", "soon"),
        (timedelta(seconds=60), "60,0", "last"),
        (timedelta(seconds=42, milliseconds=650), "42,7", "last"),
        (timedelta(milliseconds=1), "0,1", "last"),
        (timedelta(0), "Temps écoulé", "over"),
        (timedelta(seconds=-5), "Temps écoulé", "over"),
    ],
)
def test_a_countdown_is_right_before_scripts_run(left, text, state):
    html = render('{% countdown at label="Rendu dans" %}', at=NOW + left, server_now=NOW)

    assert f">{text}</time>" in html
    assert f'data-state="{state}"' in html
    assert 'role="timer"' in html  # screen readers do not announce each second
    assert "Rendu dans" in html


def test_a_countdown_to_the_deadline_says_so():
    html = render('{% countdown at follows="deadline" %}', at=NOW, server_now=NOW)

    assert 'data-follows="deadline"' in html
    assert f'datetime="{NOW.isoformat()}"' in html


def test_a_countdown_without_an_instant_is_empty():
    assert render("{% countdown at %}", at=None).strip() == ""


def moment(fraction, **more):
    return SimpleNamespace(
        label="Mi-parcours", at=NOW, fraction=fraction, past=False, next=False, **more
    )


def test_the_day_line_places_its_moments_without_style_attributes():
    html = render(
        "{% day_line moments fraction %}",
        moments=[moment(0.0), moment(0.52), moment(1.0), moment(1.9), moment(None)],
        fraction=0.975,
    )

    assert html.count("<li class") == 3
    assert html.count("<li hidden") == 1  # after the end of the line
    assert 'data-at="52" data-gap="48"' in html
    assert 'data-day-now data-at="98"' in html
    assert "style=" not in html


def test_the_day_line_names_the_next_moment_also_on_another_day():
    coming = SimpleNamespace(
        label="Remise des prix",
        at=NOW + timedelta(hours=13, minutes=39, seconds=10),
        fraction=1.9,
        past=False,
        next=True,
    )

    html = render(
        "{% day_line moments 1 %}", moments=[moment(0.0), moment(1.0), coming], server_now=NOW
    )

    assert "Remise des prix" in html
    assert "dans 13 h 40" in html


@pytest.mark.parametrize(
    ("fraction", "step"), [(None, 20), ("", 20), (0, 0), (0.5, 10), (1, 20), (-1, 0), (3, 20)]
)
def test_the_sky_has_twenty_one_steps(fraction, step):
    assert components.sky_step(fraction) == step


class EveryField(forms.Form):
    name = forms.CharField(label="Nom", help_text="Visible par le jury.")
    size = forms.ChoiceField(label="Taille", choices=[("s", "S")])
    meal = forms.ChoiceField(choices=[("q", "4 fromages")], widget=forms.RadioSelect)
    at = forms.DateTimeField(widget=LocalDateTimeInput)
    file = forms.FileField(label="Dossier")
    text = forms.CharField(widget=forms.Textarea, required=False)
    sure = forms.BooleanField(label="Relu")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_form_has_labels_errors_and_optional_fields():
    form = EveryField({"name": ""})
    form.add_error(None, "Les équipes sont fermées.")

    html = render("{{ form }}", form=form)

    assert "Les équipes sont fermées." in html
    assert 'for="id_name"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "Ce champ est obligatoire." in html
    assert html.count("facultatif") == 1
    assert '<fieldset class="field is-choices' in html
    assert "data-drop" in html
    assert 'class="check"' in html
    assert html.count('name="hidden"') == 1
    assert "style=" not in html


def test_a_field_alone_is_the_same_as_in_its_form():
    form = EveryField()

    assert render("{% field form.name %}", form=form) in render("{{ form }}", form=form)


def test_an_instant_is_written_as_the_browser_reads_it():
    with timezone.override("Europe/Paris"):
        form = EveryField(initial={"at": NOW})
        html = str(form["at"])

    assert 'type="datetime-local"' in html
    assert 'value="2020-02-13T22:46:18"' in html


def test_the_texts_of_scripts_are_in_the_language_of_the_page():
    html = render("{% script_translations %}")

    assert '<script id="translations" type="application/json">' in html
    assert '"decimal": ","' in html
