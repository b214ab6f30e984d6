"""Every sentence a learner can read goes through `_`, so that another language can replace it."""

import gettext
from pathlib import Path

_ = gettext.translation("twostep", Path(__file__).with_name("locale"), fallback=True).gettext
