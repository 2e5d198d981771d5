from hackathon.base.core.personal_data import registry
from hackathon.extras.witness.models import Stamp

registry.not_personal("a digest, and what an authority says of it", Stamp)
