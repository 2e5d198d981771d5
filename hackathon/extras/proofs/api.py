from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from hackathon.base.core import clock
from hackathon.base.core.api import Endpoint, reads
from hackathon.extras.proofs.selectors import Proof, proofs_of
from submissions.enums import SealMoment
from submissions.versions.selectors import get_submission_for


class ProofSerializer(serializers.Serializer[Any]):
    """An inclusion proof of RFC 9162 with SHA-256. `leaf`: what is hashed, in base64."""

    leaf = serializers.CharField()
    index = serializers.IntegerField()
    tree_size = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField(), help_text="hexadecimal, from below")
    # The metaclass takes it from the class, so that `Field.root` stays.
    root = serializers.CharField(help_text="hexadecimal: digest of the seal")  # type: ignore[assignment]
    seal = serializers.IntegerField()
    moment = serializers.ChoiceField(choices=SealMoment.choices)
    as_of = serializers.DateTimeField()


def _body(proof: Proof) -> dict[str, Any]:
    seal = proof.seal
    return {**proof.as_dict(), "seal": seal.pk, "moment": seal.moment, "as_of": seal.as_of}


class SubmissionProof(Endpoint):
    @reads(ProofSerializer, operation_id="submission_proof")
    def get(self, request: Request, pk: int) -> Any:
        """That it is in the newest seal that has it, for the team and the organizers.

        `root` is the digest of that seal over all departments. The tree is that of RFC 9162, with
        SHA-256: docs/seals.md says what the leaf contains. Refused before the first seal.
        """
        submission = get_submission_for(request.user, pk)
        return _body(proofs_of(submission, at=clock.now())[0])
