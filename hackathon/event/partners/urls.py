from django.urls import include, path

from hackathon.event.partners.views import organizers, public

app_name = "partners"

of_one_edition = [
    path("client/", organizers.client, name="client-edit"),
    path("client/pieces/<uuid:pk>/retirer/", organizers.remove_document, name="document-remove"),
    path("partenaires/", organizers.partners, name="list"),
    path("partenaires/<uuid:pk>/", organizers.partners, name="partner"),
    path("partenaires/<uuid:pk>/retirer/", organizers.remove_partner, name="partner-remove"),
]

urlpatterns = [
    path("client/", public.client, name="client"),
    path("client/logo/", public.client_logo, name="client-logo"),
    path("client/pieces/<uuid:pk>/", public.document, name="document"),
    path("partenaires/<uuid:pk>/logo/", public.partner_logo, name="partner-logo"),
    path("organisation/editions/<slug:slug>/", include(of_one_edition)),
]
