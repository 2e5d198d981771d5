from hackathon.base.core.personal_data import registry
from hackathon.event.setup.models import SetupCode

registry.not_personal("a digest", SetupCode)
