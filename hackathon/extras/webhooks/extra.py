from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, registry

registry.add(
    Extra(
        "webhooks",
        _("Webhooks"),
        _(
            "Un canal Mattermost ou Slack, ou un programme, reçoit ce qui se passe dès que cela "
            "se passe."
        ),
        (Concerns.ORGANIZERS,),
        pages=(Page("webhooks:index", _("Webhooks")),),
        periodic={
            "webhooks": {
                "task": "hackathon.extras.webhooks.periodic.deliver_due",
                "schedule": 5.0,
            },
            "webhooks-log": {
                "task": "hackathon.extras.webhooks.periodic.forget_log",
                "schedule": 3600.0,
            },
        },
    )
)
