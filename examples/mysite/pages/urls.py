from django.urls import path

from pages import views

app_name = "pages"

urlpatterns = [
    path("", views.home, name="home"),
    path("sync/", views.sync, name="sync"),
    path("stream/", views.stream, name="stream"),
    path("stream/progress/", views.progress, name="progress"),
    path("upload/", views.upload, name="upload"),
    path("error/", views.error, name="error"),
]
