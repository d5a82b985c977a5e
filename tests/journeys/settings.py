"""The tests' settings for the processes of a journey: they know the address at which the browser finds them."""

import os

from clusters_portal.settings.test import *  # noqa: F403

PORTAL_BASE_URL = os.environ["JOURNEY_ADDRESS"]
