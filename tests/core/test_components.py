"""The pieces of pages: what they say, and that mistakes in a template are seen."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template import Context, engines
from django.utils import timezone, translation

from hackathon.core.forms import LocalDateTimeInput
from hackathon.core.templatetags import components

NOW = datetime(2020, 2, 13, 21, 46, 18, tzinfo=UTC)  # 22:46:18 in Paris
NARROW = "\u202f"


def render(source, **context):
    """A template without `{% load %}`, as pages are written."""
    return engines["django"].from_string(source).template.render(Context(context))


@pytest.mark.parametrize("state", components.WINDOW_STATES)
def test_a_window_says_its_state_in_words_and_by_its_drawing(state):
    html = render("{% window state label %}", state=state, label="Com’unik : reçu")

    assert f"is-{state}" in html
    assert 'role="img" aria-label="Com’unik : reçu"' in html


@pytest.mark.parametrize(
    "source",
    [
        '{% window "lit" "x" %}',
        '{% window "late" "x" size="huge" %}',
        '{% icon "no-such-icon" %}',
        '{% icon "../check" %}',
        '{% badge "x" "purple" %}',
        '{% mark_badge "early" %}',
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
def test_a_countdown_is_right_as_delivered(left, text, state):
    html = render('{% countdown at label="Rendu dans" %}', at=NOW + left, server_now=NOW)

    assert f">{text}</time>" in html
    assert f'data-state="{state}"' in html
    assert "Rendu dans" in html


def test_a_countdown_that_follows_the_deadline_carries_the_delay_of_its_team():
    html = render('{% countdown at follows="deadline" delay_seconds=600 %}', at=NOW, server_now=NOW)

    assert 'data-follows="deadline"' in html
    assert 'data-delay-seconds="600"' in html
    assert f'datetime="{NOW.isoformat()}"' in html


def test_a_countdown_to_nothing_is_nothing():
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

    assert html.count("<li") == 3
    assert 'data-at="52" data-gap="48"' in html
    assert 'data-day-now data-at="98"' in html
    assert "style=" not in html


def test_the_day_line_says_what_comes_next_also_on_another_day():
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
    ("left", "text"),
    [
        (timedelta(seconds=1), "dans 1 min"),
        (timedelta(minutes=49), "dans 49 min"),
        (timedelta(hours=2, minutes=4, seconds=1), "dans 2 h 05"),
        (timedelta(days=3, hours=4, minutes=30), "dans 3 j 4 h"),
    ],
)
def test_how_long_until_a_moment(left, text):
    assert components.until(left) == text


@pytest.mark.parametrize(
    ("fraction", "step"), [(None, 20), ("", 20), (0, 0), (0.5, 10), (1, 20), (-1, 0), (3, 20)]
)
def test_the_sky_has_twenty_one_steps(fraction, step):
    assert components.sky_step(fraction) == step


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, ""),
        (0, f"0{NARROW}octets"),
        (999, f"999{NARROW}octets"),
        (12_000, f"12{NARROW}ko"),
        (8_400_000, f"8,4{NARROW}Mo"),
        (52_428_800, f"52,4{NARROW}Mo"),
        (148_000_000, f"148{NARROW}Mo"),
        (999_999, f"1{NARROW}Mo"),
        (2_500_000_000, f"2,5{NARROW}Go"),
    ],
)
def test_file_sizes_are_written_as_in_french(size, text):
    assert components.filesize_fr(size) == text


def test_file_sizes_in_english_have_a_point():
    with translation.override("en"):
        assert components.filesize_fr(8_400_000).startswith("8.4")


def test_instants_are_in_the_active_zone():
    with timezone.override("Europe/Paris"):
        assert components.clock_time(NOW) == "22:46"
        assert components.clock_seconds(NOW) == "22:46:18"
        assert components.clock_time(NOW.replace(hour=7, minute=5)) == "8:05"
        assert components.clock_exact(NOW) == "22:46:18"
        assert components.clock_exact(NOW.replace(second=0)) == "22:46"
        assert components.clock_exact(None) == ""
        assert components.day_time(NOW).endswith("13 février, 22:46")


@pytest.mark.parametrize(
    ("language", "text", "short"),
    [
        ("fr", "mercredi 1er avril 2020", "mer 1er avril, 8:30"),
        ("en", "Wednesday 1 April 2020", "Wed 1 Apr, 8:30"),
    ],
)
def test_a_month_begins_on_its_first(language: str, text: str, short: str) -> None:
    first = datetime(2020, 4, 1, 6, 30, tzinfo=UTC)
    with timezone.override("Europe/Paris"), translation.override(language):
        shown = components.day_words(first, "l j F Y"), components.day_time(first).lower()
        other = components.day_words(first + timedelta(days=30, hours=-12), "j F")
        # The day is that of the zone: in Paris it is May already.
        may = components.day_words(datetime(2020, 4, 30, 22, 30, tzinfo=UTC), "j F")

    assert shown == (text, short.lower())
    assert other.startswith("30")
    assert may.startswith("1er" if language == "fr" else "1 ")


def test_every_date_in_words_has_its_first() -> None:
    root = Path(settings.BASE_DIR)
    sources = [
        p
        for top in ("hackathon", "judging", "submissions", "teams")
        for p in (root / top).rglob("*.py")
    ]
    dates = re.compile(r"""\|date:"[^"]*j F|date_format\([^)]*j F""")
    texts = [
        *sources,
        *(p for p in (root / "templates").rglob("*") if p.suffix in (".html", ".txt")),
    ]
    assert [str(path) for path in texts if dates.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (None, ""),
        (45, f"45{NARROW}s"),
        (timedelta(minutes=12), f"12{NARROW}min"),
        (timedelta(hours=1, minutes=5), f"1{NARROW}h{NARROW}05"),
        (timedelta(hours=2), f"2{NARROW}h"),
        (timedelta(days=2, hours=3), f"2{NARROW}j 3{NARROW}h"),
    ],
)
def test_durations(duration, text):
    assert components.duration_fr(duration) == text


def test_floors_and_ranks():
    assert components.floor_name(0) == "RDC"
    assert components.floor_name(1) == "1<sup>er</sup>"
    assert components.ordinal(3) == "3<sup>e</sup>"
    with translation.override("en"):
        assert components.ordinal(12) == "12<sup>th</sup>"
        assert components.ordinal(22) == "22<sup>nd</sup>"


class EveryField(forms.Form):
    """One of each control."""

    name = forms.CharField(label="Nom", help_text="Visible par le jury.")
    size = forms.ChoiceField(label="Taille", choices=[("s", "S")])
    meal = forms.ChoiceField(choices=[("q", "4 fromages")], widget=forms.RadioSelect)
    at = forms.DateTimeField(widget=LocalDateTimeInput)
    file = forms.FileField(label="Dossier")
    text = forms.CharField(widget=forms.Textarea, required=False)
    sure = forms.BooleanField(label="Relu")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_form_is_drawn_with_its_labels_errors_and_optional_fields():
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


def test_a_drawn_field_is_the_same_alone():
    form = EveryField()

    assert render("{% field form.name %}", form=form) in render("{{ form }}", form=form)


def test_an_instant_is_written_as_the_browser_reads_it():
    with timezone.override("Europe/Paris"):
        form = EveryField(initial={"at": NOW})
        html = str(form["at"])

    assert 'type="datetime-local"' in html
    assert 'value="2020-02-13T22:46:18"' in html


def test_the_words_of_scripts_are_in_the_language_of_the_page():
    html = render("{% words %}")

    assert '<script id="words" type="application/json">' in html
    assert '"decimal": ","' in html
