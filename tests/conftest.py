"""Settings for all tests."""

from hypothesis import settings

# Examples take as long as the machine is busy: a test fails for what it finds, never for the clock.
settings.register_profile("maillint", deadline=None)
settings.load_profile("maillint")
