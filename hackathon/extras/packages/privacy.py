from hackathon.base.core.personal_data import registry
from hackathon.extras.packages.models import BriefPackage

registry.not_personal("copies of what organizers write about the event", BriefPackage)
