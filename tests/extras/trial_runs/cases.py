from hackathon.extras.trial_runs.models import SmallRehearsal
from tests.access.roles import ORGANIZER
from tests.conftest import NOON
from tests.extras import Cases, Rows


def objects(world: Rows) -> Rows:
    rehearsal = SmallRehearsal.objects.create(
        edition=world["edition"],
        begun_by=world["organizer"],
        begun_at=NOON,
        ended_at=NOON,
        report="<p></p>",
    )
    return {"trial_run": rehearsal}


CASES = Cases(
    reads={"trial_runs:report": ORGANIZER, "trial_runs:small": ORGANIZER},
    writes={"trial_runs:small": ORGANIZER},
    pk_of={"trial_runs:report": "trial_run"},
    sentences={"rehearsal.begun": ({}, "Eve a lancé une petite répétition sur le site.")},
    objects=objects,
    starts={"hackathon/extras/trial_runs/tasks.py": "Popen"},  # a rehearsal of this site
)
