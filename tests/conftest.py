"""Hypothesis without a deadline: speed belongs in benchmarks/, and CI machines are noisy."""

from hypothesis import settings

settings.register_profile("course", deadline=None)
settings.load_profile("course")
