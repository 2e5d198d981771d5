from hackathon.core.personal_data import registry
from hackathon.operations.models import Heartbeat

registry.not_personal("about processes", Heartbeat)
