"""Addresses of the demo."""

from django.urls import path

from klantbeeld.demo import views

app_name = "demo"
urlpatterns = [path("score/", views.score, name="score"), path("score/figures", views.figures, name="figures")]
