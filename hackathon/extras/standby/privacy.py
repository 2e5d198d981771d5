from hackathon.base.core.personal_data import registry
from hackathon.extras.standby.models import Standby

registry.not_personal("names of machines, and how far the copy is", Standby)
