from django.urls import path

from hackathon.site.views import packages, public, unread

app_name = "site"

urlpatterns = [
    path("accueil/", public.start, name="start"),
    path("facade/", public.facade, name="facade"),
    path("paquets/", packages.index, name="packages"),
    path("paquets/<uuid:pk>/", packages.content, name="package"),
    path("paquets/<uuid:pk>/cle/", packages.key, name="package-key"),
    path("compteurs/", unread.counts, name="counts"),
]
