"""The models of the course: pure arithmetic, one file a subject, no widgets and no charts."""

from typing import TYPE_CHECKING

from twostep._parts import public

if TYPE_CHECKING:
    from twostep.models.base import Model


def every_model() -> "tuple[type[Model], ...]":
    """Every model of the course, in the order of the lessons they belong to."""
    from twostep.models.base import Model

    named = public(__name__).values()
    models = [thing for thing in named if isinstance(thing, type) and issubclass(thing, Model)]
    return tuple(sorted(models, key=lambda model: model.lesson))


def menu() -> "dict[str, type[Model]]":
    """The menu of the app: each model by the number of its lesson and its own line."""
    return {f"{int(model.lesson[:2])} {model.menu}": model for model in every_model()}
