from hackathon.base.core.personal_data import registry
from hackathon.extras.public_demo.models import PublicDemo

registry.not_personal("which edition is the demonstration, and since when", PublicDemo)
