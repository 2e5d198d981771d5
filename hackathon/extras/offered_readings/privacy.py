from hackathon.base.core.personal_data import registry
from hackathon.extras.offered_readings.models import Offering

registry.not_personal("about juries", Offering)
