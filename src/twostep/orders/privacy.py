"""What protects the customers in an export, and its owner."""

import os
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from twostep._text import _


def masked(text: str) -> str:
    """A few signs of a personal text, enough to see what kind it is: b***@e***, C***."""
    parts = text.strip().split("@")
    return "@".join(f"{part[:1]}***" for part in parts[:2])


def allowed_here(sources: Sequence[object]) -> tuple[str, ...]:
    """What to warn of where this runs. Raises ValueError on a public server such as Binder."""
    if os.environ.get("BINDER_LAUNCH_HOST") or os.environ.get("BINDER_REPO_URL"):
        if not all(map(is_sample, sources)):
            raise ValueError(
                _(
                    "This is a public server (Binder), and an order export holds your customers: "
                    "here only the sample files are read. For your own file run the course on "
                    "your own computer."
                )
            )
        return ()
    if os.environ.get("JUPYTERHUB_API_URL") and not all(map(is_sample, sources)):
        return (
            _(
                "This runs on a shared server: whoever runs it can read the files you put there. "
                "Delete your export when you are done."
            ),
        )
    return ()


def is_sample(source: object) -> bool:
    """Whether a file is one of the course's own, simulated exports."""
    if not isinstance(source, str | os.PathLike):
        return False
    folder = Path(str(files("twostep.data").joinpath("sample_orders"))).resolve()
    return Path(source).resolve().parent == folder
