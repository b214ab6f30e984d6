"""The words that a learner reads, and their language: one for a whole session.

Every sentence a learner can see goes through `_`, so that another language can replace it. Labels
and titles are made while the modules load; so a page chooses its language first, before anything
else of twostep is imported. The language of the computer is not asked.
"""

import gettext
from collections.abc import Iterable
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")
ENGLISH = "en"

_language, _catalogue = ENGLISH, gettext.NullTranslations()
_asked = False


def _(message: str) -> str:
    """A message in the language of the session."""
    global _asked
    _asked = True
    return _catalogue.gettext(message)


def sentences(*parts: str) -> str:
    """Sentences in a row, with what the language puts between them: a space, or nothing."""
    between = _("{first} {second}").format(first="", second="")
    return between.join(parts)


def comma_separated(parts: Iterable[str]) -> str:
    """Names in a row: "A, B". With what the language puts between them, as all of these."""
    return _("{first}, {second}").format(first="", second="").join(parts)


def semicolon_separated(parts: Iterable[str]) -> str:
    """Longer parts in a row: "48 leads; 5 buyers"."""
    return _("{first}; {second}").format(first="", second="").join(parts)


def labelled(label: str, text: str) -> str:
    """A label and what it is of: "Front buyers: 48"."""
    return _("{label}: {text}").format(label=label, text=text)


def language() -> str:
    """The language of the session, as a page names it: "en"."""
    return _language


def use_language(language: str, folder: Path = LOCALE) -> None:
    """Choose the language of everything that twostep says: `use_language("ja")`, in the first cell.

    Raises ValueError for a language that has no catalogue in the folder, and RuntimeError where
    something was already said in another one: labels and titles are made when a module loads.
    """
    global _language, _catalogue
    if language == _language:
        return
    if _asked:
        raise RuntimeError(
            _(
                "This session already speaks “{language}”. Restart the kernel, and choose the "
                "language in the first cell, before anything else is imported from twostep."
            ).format(language=_language)
        )
    known = [ENGLISH, *sorted(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/twostep.mo"))]
    if language not in known:
        raise ValueError(
            _("There is no language {language!r} here. There is {known}.").format(
                language=language, known=comma_separated(known)
            )
        )
    _catalogue = gettext.translation("twostep", folder, [language])
    _language = language
