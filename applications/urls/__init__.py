from applications.urls import applicant, public, staff, staff_calls

app_name = "applications"
urlpatterns = [
    *public.urlpatterns,
    *applicant.urlpatterns,
    *staff.urlpatterns,
    *staff_calls.urlpatterns,
]
