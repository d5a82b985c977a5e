"""Properties are tried on the same examples everywhere: a slow or busy machine changes no answer."""

from hypothesis import settings

settings.register_profile("rules", deadline=None, derandomize=True, database=None)
settings.load_profile("rules")
