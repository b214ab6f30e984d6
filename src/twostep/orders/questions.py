"""Errors that ask, each answered by one more argument: a form can offer a choice for it."""


class UnknownColumnsError(ValueError):
    """No system that we know, or not the columns that were named: pass `columns`."""


class AmbiguousDatesError(ValueError):
    """Dates that can be read in two ways: pass `dates`."""


class UnknownStatusError(ValueError):
    """Status words that nobody has explained: pass `not_sales`. `words`: most frequent first."""

    def __init__(self, message: str, words: list[str]) -> None:
        super().__init__(message)
        self.words = words
