from applications.urls import applicant, public, staff

app_name = "applications"
urlpatterns = [*public.urlpatterns, *applicant.urlpatterns, *staff.urlpatterns]
