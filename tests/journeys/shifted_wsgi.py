"""What gunicorn serves in a journey: the portal as it is, under the moved clock."""

from clusters_portal.wsgi import application
from tests.journeys.shifted_clock import shift_the_clock

__all__ = ["application"]

shift_the_clock()
