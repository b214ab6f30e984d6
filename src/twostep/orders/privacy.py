"""What protects the customers in an export, and its owner."""

import os
import sys
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twostep._text import _
from twostep.data import sample_orders
from twostep.orders.words import NOBODY, plain

PERSONAL = ("order", "customer", "email")
"""Columns of which only fingerprints are kept: enough to see that two rows are of the same one."""

LONGEST_NOBODY = max(map(len, NOBODY))

_SECRET = os.urandom(16)


def _hash_of_64_bits(word: str) -> int:
    if not word:
        return 0
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8, key=_SECRET).digest()
    return int.from_bytes(digest, sys.byteorder, signed=True)


# In the browser (JupyterLite) Python's own hash has 32 bits: of 100,000 customers two would be one.
_HASH = hash if sys.hash_info.width == 64 else _hash_of_64_bits


def fingerprints(key: str, column: Sequence[str]) -> NDArray[np.int64]:
    """For every text a number that is the same for the same text, and 0 for nobody.

    Python's own hash (or one as long), 64 bits, other ones in every session: that two of a million
    texts share one has a chance of 1 in 30 million. The texts themselves are not kept.
    """
    words: Iterable[str]
    words = map(str.strip, column) if all(map(str.isascii, column)) else map(plain, column)
    if key == "email":
        words = [word if "@" in word else "" for word in map(str.casefold, words)]
    elif key == "customer":
        words = [
            word if len(word) > LONGEST_NOBODY or word.casefold() not in NOBODY else ""
            for word in words
        ]
    return np.fromiter(map(_HASH, words), np.int64, len(column))


def example(key: str, column: Sequence[str]) -> str:
    """The first text of a column, cut short, and masked where it is personal."""
    text = next((text.strip() for text in column if text.strip()), "")
    return masked(text) if text and (key in PERSONAL or "@" in text) else text[:40]


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
    return Path(source).resolve() in {sample.resolve() for sample in sample_orders()}
