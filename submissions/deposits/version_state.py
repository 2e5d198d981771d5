"""What a team has handed in, as far as a new version needs it."""

from collections import defaultdict
from dataclasses import dataclass

from submissions.deposits import rules
from submissions.deposits.rules import DepositPeriod
from submissions.deposits.selectors import period_of
from submissions.enums import ProgressState, Punctuality
from submissions.models import Deliverable, Submission
from teams.models import Team


@dataclass(frozen=True)
class VersionState:
    period: DepositPeriod
    deliverables: list[Deliverable]
    versions: dict[int, list[Submission]]  # by deliverable id

    def next_version(self, deliverable: Deliverable) -> int:
        return 1 + max((s.version for s in self.versions.get(deliverable.pk, [])), default=0)

    def progress(self, *new: Submission) -> ProgressState:
        """With `new`: the progress once these are received."""
        punctualities: dict[int, Punctuality] = {}
        for deliverable in self.deliverables:
            added = [s for s in new if s.deliverable_id == deliverable.pk]
            versions = [*self.versions.get(deliverable.pk, []), *added]
            if counted := rules.counting(self.period, versions):
                punctualities[deliverable.pk] = counted[1]
        return rules.progress_state(self.deliverables, punctualities)


def version_state_of(team: Team) -> VersionState:
    """Three queries for few columns: the team is locked meanwhile."""
    versions: dict[int, list[Submission]] = defaultdict(list)
    columns = ("team_id", "deliverable_id", "version", "begun_at", "received_at")
    for submission in Submission.objects.filter(team=team).only(*columns):
        versions[submission.deliverable_id].append(submission)
    deliverables = list(Deliverable.objects.filter(department=team.department_id))
    return VersionState(period_of(team), deliverables, versions)
