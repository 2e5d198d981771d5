from hackathon.core.personal_data import registry
from hackathon.setup.models import SetupCode

registry.not_personal("a digest", SetupCode)
