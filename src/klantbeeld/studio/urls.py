"""Addresses of the studio."""

from django.urls import path

from klantbeeld.studio import lifecycle, views
from klantbeeld.studio.review import figures as review_figures
from klantbeeld.studio.review import views as reviews

app_name = "studio"
urlpatterns = [
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:code>/", views.source, name="source"),
    path("lifecycle/", lifecycle.lifecycle, name="lifecycle"),
    path("lifecycle/try", lifecycle.attempt, name="lifecycle-attempt"),
    path("lifecycle/<slug:company>/", lifecycle.behind, name="lifecycle-behind"),
    path("reviews/", reviews.queue, name="reviews"),
    path("reviews/figures", review_figures.figures, name="review-figures"),
    path("reviews/samples", review_figures.draw, name="review-draw"),
    path("reviews/samples/<str:sample>", review_figures.sample, name="review-sample"),
    path("reviews/checks/<str:check>", review_figures.answer, name="review-answer"),
    path("reviews/acts/<str:act>/undo", reviews.undo, name="review-undo"),
    path("reviews/<str:review>/", reviews.review, name="review"),
    path("reviews/<str:review>/judge", reviews.judge, name="review-judge"),
    path("reviews/<str:review>/remark", reviews.remark, name="review-remark"),
    path("reviews/<str:review>/place", reviews.place, name="review-place"),
]
