from hackathon.base.core.personal_data import registry
from hackathon.run.operations.models import Heartbeat

registry.not_personal("about processes", Heartbeat)
