"""Addresses of the studio."""

from django.urls import path

from klantbeeld.studio import views

app_name = "studio"
urlpatterns = [
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:code>/", views.source, name="source"),
]
