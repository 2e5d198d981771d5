from hackathon.base.core.personal_data import registry
from hackathon.extras.passages.models import Passage, PassagePlan

registry.not_personal("minutes, ids of teams and the called word", PassagePlan)
registry.not_personal("of the stage, deleted with the ceremony", Passage)
