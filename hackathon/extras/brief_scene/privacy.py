from hackathon.base.core.personal_data import registry
from hackathon.extras.brief_scene.models import BriefScene, ScenePackage

registry.not_personal("what projectors show", BriefScene, ScenePackage)
