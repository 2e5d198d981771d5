import contextlib
import dataclasses
import random
import re
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Person, Site, demo_site, running_site, until_equal
from tests.browser.slow_network import SlowNetwork

SECONDS = 120
STICK = "clé USB apportée à 23:04"


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.webm"
    chance = random.Random(1)
    # If the index is at the end of the file, Chromium sometimes ignores it and reads the file up to
    # the requested position.
    options = {"cues_to_front": "1", "reserve_index_space": "65536"}
    with av.open(str(path), "w", options=options) as out:
        stream = out.add_stream("libvpx", rate=4)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.bit_rate = 8_000_000
        stream.options = {"deadline": "realtime", "cpu-used": "8", "g": "1"}
        pictures = [Image.frombytes("RGB", (320, 180), chance.randbytes(172_800)) for _ in range(4)]
        packets = [p for i in pictures for p in stream.encode(av.VideoFrame.from_image(i))]
        packets += stream.encode()
        for number in range(SECONDS * 4):
            packet = av.Packet(bytes(packets[number % len(packets)]))
            packet.stream, packet.is_keyframe = stream, True
            packet.time_base, packet.pts, packet.dts = Fraction(1, 4), number, number
            out.mux(packet)
    assert path.stat().st_size > 20_000_000
    return path


@pytest.fixture
def network(running) -> Iterator[SlowNetwork]:
    with contextlib.closing(SlowNetwork(running[0].url)) as network:
        yield network


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Site, list[dict[str, Any]]]]:
    data, accounts = demo_site("running")
    with running_site(data) as site:
        site.manage(
            "shell",
            "-v0",
            "-c",
            "from submissions.models import Deliverable as D;"
            "d = D.objects.filter(department__code='INFOCOM').first();"
            "d.formats = []; d.max_bytes = 10**9; d.save()",
        )
        yield site, accounts


def sign_in(browser: Browser, site: Site, account: dict[str, Any]) -> Person:
    someone = Person(browser, site, width=1366, height=900)
    someone.sign_in(account["email"], account["password"])
    return someone


# The network withholds the second half of a file unless it is requested with `Range`. `evaluate`
# works without scripts of the page: a video that is opened directly has none.
def seek(page: Page, second: int) -> None:
    video = page.locator("video")
    video.evaluate("(video, second) => { video.currentTime = second }", second)
    ready = "video => !video.seeking && video.readyState >= 2 || video.error?.message"
    until_equal(page, lambda: video.evaluate(ready) or False, True)
    assert video.evaluate("video => video.currentTime") == second


def test_a_video_is_entered_seeked_and_downloaded(chromium, running, network, film, tmp_path):
    site, accounts = running
    student = next(a for a in accounts if a["role"] == "student" and a["department"] == "INFOCOM")
    juror = next(a for a in accounts if a["role"] == "juror" and a["department"] == "INFOCOM")
    organizer = next(a for a in accounts if a["role"] == "organizer")

    eve = sign_in(chromium, site, organizer)
    eve.open("/organisation/equipes/")
    team = eve.page.locator(".team-line", has_text=student["team"])
    team.locator("summary").click()
    team.get_by_role("link", name="Déposer pour l’équipe").click()
    eve.page.locator(".entry-chips a").first.click()
    eve.page.locator("main [name=file]").set_input_files(film)
    eve.fill(reason=STICK)
    eve.page.get_by_role("button", name="Déposer pour l’équipe").click()
    eve.expect_text(re.compile(f"Saisi par .*{STICK}"))

    network.files_stop_at = film.stat().st_size // 2
    far = dataclasses.replace(site, url=network.url)
    dan = sign_in(chromium, far, juror)
    dan.open("/jury/")
    dan.page.locator(".team-row", has_text=student["team"]).click()
    seek(dan.page, SECONDS - 20)
    dan.page.locator("summary[aria-label='Le dépôt en détail']").click()
    dan.expect_text(re.compile(f"Saisi par .*{STICK}"))

    lea = sign_in(chromium, far, student)
    lea.open("/rendu/")
    lea.page.evaluate("document.querySelectorAll('main details').forEach((row) => row.open = true)")
    lea.expect_text(re.compile(f"Saisi par .*{STICK}"))
    content = lea.page.locator("a[href$='/contenu/']").first.get_attribute("href")
    with lea.page.expect_download() as kept:
        lea.page.get_by_role("link", name="Tout télécharger").click()
    archive = tmp_path / "depots.zip"
    kept.value.save_as(archive)
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        (packed,) = [info for info in opened.infolist() if info.filename.endswith(".webm")]
        assert packed.filename.startswith(f"INFOCOM/{student['team']}/1 ")
        assert opened.read(packed) == film.read_bytes()
    lea.open(f"{content}?inline")
    expect(lea.page.locator("video")).to_be_visible()
    seek(lea.page, SECONDS - 20)

    lea.open("/rendu/vu-par-le-jury/")
    chips = lea.page.locator(".sheet-chips a")
    expect(chips.first).to_have_attribute("aria-current", "true")
    seek(lea.page, SECONDS - 20)
    other = chips.nth(1)
    name = other.inner_text()
    other.click()
    expect(lea.page.locator(".sheet-chips [aria-current]")).to_have_text(name)
    expect(lea.page.locator("video")).to_have_count(0)

    for someone in (eve, dan, lea):
        someone.context.close()
    assert [*eve.errors, *dan.errors] == []
