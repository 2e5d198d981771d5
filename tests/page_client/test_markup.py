"""What the client of a rehearsal reads in a page and puts into it."""

from bench.night.hand_ins import clock_target
from hackathon.run.page_client.markup import (
    instant,
    live_elements,
    part,
    put,
    with_elements,
    with_past_states,
)

PAGE = """<body data-rights="a"><div id="clock" data-fragment="clock"><time
  data-countdown datetime="2026-11-26T22:00:00+00:00">1 h</time>
  <template data-at="2026-11-26T22:00:00+00:00"><div id="clock" data-fragment="clock">Marge</div>
  </template></div><div id="team" data-shows="team"><div id="in">x</div></div>
  <div id="place" hx-preserve hx-get="/a/" hx-trigger="load"><b id="call">!</b></div></body>"""


def test_live_elements_are_not_those_in_templates():
    found = [(element.tag, element["id"]) for element in live_elements(PAGE)]
    assert found == [("div", "clock"), ("template", ""), ("div", "team"), ("div", "place")]


def test_part_ends_at_its_own_end_tag():
    assert part(PAGE, "team") == ('<div id="team" data-shows="team"><div id="in">x</div></div>')
    assert part(PAGE, "absent") == ""


def test_fragment_takes_the_place_of_the_element_with_its_id():
    html = with_elements(PAGE, '<p id="absent">y</p><div id="team"><i>z</i></div>')
    assert part(html, "team") == '<div id="team"><i>z</i></div>'
    assert "<p" not in html
    assert part(html, "clock") == part(PAGE, "clock")


def test_what_is_preserved_stays_where_the_fresh_one_is_empty():
    html = put(
        "<main id='a' id=\"a\">" + PAGE + "</main>",
        "a",
        '<main id="a"><div id="place" hx-preserve></div></main>',
    )
    assert '<b id="call">!</b>' in html


def test_state_of_a_template_is_shown_after_its_instant():
    deadline = instant("2026-11-26T22:00:00+00:00")
    assert with_past_states(PAGE, deadline) == PAGE
    assert clock_target(PAGE) == deadline
    after = with_past_states(PAGE, deadline + 0.001)
    assert part(after, "clock") == '<div id="clock" data-fragment="clock">Marge</div>'
    assert clock_target(after) == 0


def test_an_element_keeps_the_states_that_come_later():
    later = '<template data-at="2026-11-26T22:10:00+00:00"><p id="a">3</p></template>'
    html = (
        '<main><p id="a">1<template data-at="2026-11-26T22:00:00+00:00"><p id="a">2</p></template>'
        f"{later}</p></main>"
    )

    first = with_past_states(html, instant("2026-11-26T22:00:01+00:00"))

    assert first == f'<main><p id="a">2{later}</p></main>'
    assert with_past_states(first, instant("2026-11-26T22:10:01+00:00")) == (
        '<main><p id="a">3</p></main>'
    )
    assert with_past_states(html, instant("2026-11-26T23:00:00+00:00")) == (
        '<main><p id="a">3</p></main>'
    )
