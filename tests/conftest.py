"""Hypothesis without a deadline: speed belongs in benchmarks/, and CI machines are noisy.

On CI the examples are the same for the same commit; everywhere else each run looks for new ones.
"""

import os

from hypothesis import settings

settings.register_profile("course", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("course")
