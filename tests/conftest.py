"""Hypothesis profiles: a quick one for every run, a long one for the sweep."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("sweep", parent=settings.get_profile("default"), max_examples=5000)
settings.load_profile("default")
