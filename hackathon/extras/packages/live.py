"""The messages with the keys of packages."""

from datetime import datetime

from hackathon.base.live import messages
from hackathon.base.live.audiences import department_audience
from hackathon.event.editions.live import publish
from hackathon.extras.packages.models import BriefPackage


def package_unlocked(package: BriefPackage, *, at: datetime) -> None:
    """The key of a package, to its department. Must not be published while the brief is secret."""
    department = package.department
    data = {"department": department.code, "package": str(package.pk), "key": package.key}
    audience = department_audience(department.pk)
    publish(department.edition, audience, "package.unlocked", data, at=at)


def forget_package_unlocked(package: BriefPackage, *, at: datetime) -> None:
    """Delete the message with this key: pages that reconnect do not get it any more."""
    messages.delete("package.unlocked", at=at, package=str(package.pk))
