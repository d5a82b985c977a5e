from evaluation.urls import calls, decisions, jury, public

app_name = "evaluation"
urlpatterns = [*public.urlpatterns, *calls.urlpatterns, *jury.urlpatterns, *decisions.urlpatterns]
