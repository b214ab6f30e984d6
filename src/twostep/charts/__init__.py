"""The pictures of the course: a scenario in, an Altair chart out; one file a subject, as in models.

`PICTURES` says what a calculator of each model shows beside its answers.
"""

from typing import Any

from twostep.charts.funnel import people_by_stage, profit_by_back_rate
from twostep.charts.picture import Facts, Picture
from twostep.models.base import Model
from twostep.models.funnel import Funnel

__all__ = ["PICTURES", "Facts", "Picture", "people_by_stage", "profit_by_back_rate"]

PICTURES: dict[type[Model], tuple[Picture[Any], ...]] = {
    Funnel: (profit_by_back_rate, people_by_stage),
}
"""What a calculator of each model shows beside its answers."""
