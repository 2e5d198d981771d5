import pytest

from hackathon.extras.standby.rules import Claim, start_refusal, stop_reason

SALLE, PORTABLE = Claim("salle", 1, serving=True), Claim("portable", 2, serving=True)


@pytest.mark.parametrize(
    ("own", "peer", "reason"),
    [
        (Claim("", 0, serving=True), None, ""),  # never a second one
        (SALLE, None, ""),  # the other one is off, or is the second server
        (SALLE, PORTABLE, "« portable » serves (epoch 2)"),
        (SALLE, Claim("portable", 2, serving=False), "« portable » serves (epoch 2)"),
        (PORTABLE, None, "« portable » serves (epoch 2)"),  # its own database says so
        (Claim("salle", 3, serving=True), PORTABLE, ""),  # the other one must stop
        (SALLE, Claim("salle", 2, serving=False), ""),
        (Claim("salle", 1, serving=False), None, "follows that of the other one"),  # a replica
    ],
)
def test_a_server_stops_once_another_one_has_taken_over(own, peer, reason):
    found = stop_reason(own, peer, name="salle")

    assert reason in found
    assert bool(found) == bool(reason)


def test_a_server_does_not_start_without_an_answer_unless_somebody_says_so():
    assert "serve --alone" in start_refusal(SALLE, None, name="salle", alone=False)
    assert start_refusal(SALLE, None, name="salle", alone=True) == ""


@pytest.mark.parametrize("alone", [False, True])
def test_a_server_never_starts_beside_one_that_serves(alone):
    same_epoch, older = Claim("portable", 1, serving=True), Claim("portable", 0, serving=True)

    assert "« portable » serves" in start_refusal(SALLE, PORTABLE, name="salle", alone=alone)
    assert "still serves" in start_refusal(SALLE, same_epoch, name="salle", alone=alone)
    assert "still serves" in start_refusal(SALLE, older, name="salle", alone=alone)


def test_a_server_starts_if_the_other_one_says_that_it_does_not_serve():
    assert start_refusal(SALLE, Claim("salle", 1, serving=False), name="salle", alone=False) == ""
