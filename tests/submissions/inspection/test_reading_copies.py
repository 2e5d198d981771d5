from datetime import datetime
from pathlib import Path

import av
import pytest
import time_machine
from django.db import DatabaseError
from django.test import override_settings

from hackathon.base.accounts.models import User
from hackathon.event.editions.enums import LatePolicy
from submissions.deposits import services as deposits
from submissions.inspection import selectors, services, tasks, videos
from submissions.models import Deliverable, Inspection, Submission
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, file_at
from tests.submissions.inspection import samples


def hand_in(
    deliverable: Deliverable,
    team: Team,
    by: User,
    content: bytes,
    name: str,
    *,
    at: datetime = NOON,
) -> Submission:
    Deliverable.objects.filter(pk=deliverable.pk).update(formats=[])
    deliverable.refresh_from_db()
    submission = deposits.deposit(
        deliverable, team, file=file_at(at, content, name), begun_at=at, by=by, at=at
    )
    tasks.inspect(submission.pk)
    return submission


def copied(submission: Submission) -> Inspection:
    with time_machine.travel(NOON + MINUTE, tick=False):
        tasks.copy_videos()
    return Inspection.objects.get(submission=submission)


def test_a_video_that_tablets_do_not_play_gets_a_copy_and_stays_what_counts(
    dossier, comunik, ada, tmp_path
):
    content = samples.turned(samples.video(tmp_path / "a.mov", "libx265"), 0, 1, -1, 0)
    submission = hand_in(dossier, comunik, ada, content, "film.mov")
    assert Inspection.objects.get(submission=submission).facts["plays"] is False

    inspection = copied(submission)

    with inspection.reading_copy.open() as file, av.open(file) as copy:
        assert copy.streams.video[0].codec_context.name == "h264"
        assert videos.plays_everywhere(copy)
        assert (copy.streams.video[0].width, copy.streams.video[0].height) == (180, 320)
        assert len(list(copy.decode(video=0))) == 24
    assert inspection.reading_copy_bytes == inspection.reading_copy.size
    assert inspection.copied_at == NOON + MINUTE
    assert Path(submission.file.path).read_bytes() == content
    assert selectors.next_to_copy() is None


def test_a_video_that_plays_everywhere_and_a_replaced_one_get_no_copy(
    dossier, comunik, ada, tmp_path
):
    hand_in(dossier, comunik, ada, samples.video(tmp_path / "a.avi", "mpeg4"), "a.avi")
    hand_in(dossier, comunik, ada, samples.video(tmp_path / "b.mp4"), "b.mp4")

    assert selectors.next_to_copy() is None


def test_a_late_version_does_not_take_the_copy_from_the_version_that_counts(
    edition, dossier, comunik, ada, tmp_path
):
    edition.late_policy = LatePolicy.ACCEPT
    edition.save()
    content = samples.video(tmp_path / "a.avi", "mpeg4")
    on_time = hand_in(dossier, comunik, ada, content, "a.avi")
    late = hand_in(dossier, comunik, ada, content, "b.avi", at=DEADLINE + MINUTE)

    inspection = copied(on_time)

    assert inspection.reading_copy
    assert late.version > on_time.version
    assert selectors.next_to_copy() is None


def test_a_video_that_cannot_be_copied_is_tried_once(dossier, comunik, ada, tmp_path):
    whole = samples.video(tmp_path / "a.avi", "mpeg4")
    submission = hand_in(dossier, comunik, ada, whole, "a.avi")
    Path(submission.file.path).chmod(0o600)
    Path(submission.file.path).write_bytes(b"nothing")

    inspection = copied(submission)

    assert (inspection.reading_copy.name, inspection.copied_at) == ("", NOON + MINUTE)


def test_a_copy_without_its_message_is_made_again(dossier, comunik, ada, tmp_path, monkeypatch):
    """Without the message open pages would never show the copy."""
    whole = samples.video(tmp_path / "a.avi", "mpeg4")
    submission = hand_in(dossier, comunik, ada, whole, "a.avi")

    def fail(*_: object, **__: object) -> None:
        raise DatabaseError

    with monkeypatch.context() as broken, pytest.raises(DatabaseError):
        broken.setattr(services.live, "submission_inspected", fail)
        copied(submission)

    assert Inspection.objects.get(submission=submission).copied_at is None
    assert copied(submission).reading_copy


def test_a_video_that_is_lost_does_not_hold_up_the_next_one(dossier, comunik, ada, tmp_path):
    whole = samples.video(tmp_path / "a.avi", "mpeg4")
    submission = hand_in(dossier, comunik, ada, whole, "a.avi")
    Path(submission.file.path).unlink()

    inspection = copied(submission)

    assert (inspection.reading_copy.name, inspection.copied_at) == ("", NOON + MINUTE)
    assert selectors.next_to_copy() is None


def test_nothing_is_copied_on_a_full_disk(dossier, comunik, ada, tmp_path):
    submission = hand_in(dossier, comunik, ada, samples.video(tmp_path / "a.avi", "mpeg4"), "a.avi")

    with override_settings(DISK_RESERVE=10**18):
        assert copied(submission).copied_at is None
    assert copied(submission).reading_copy


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1920, 1080), (854, 480)), ((1080, 1920), (480, 854)), ((321, 181), (320, 180))],
)
def test_a_copy_has_480_lines_at_most(size, expected):
    assert videos.copy_size(*size) == expected
