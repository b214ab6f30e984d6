"""The words of another language in .po files, and what the package reads of them.

The build of the package needs this file too (`tools/bundle.py`), so it needs nothing but Babel. In
their normal form the files hold no dates, no line numbers and no broken lines: one changed sentence
is one changed line.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGE = "ja"
DOMAIN = "twostep"
HEADER = f"""# The translation of this project: CC BY 4.0, as its texts.
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def of_package(root: Path, language: str = LANGUAGE) -> Path:
    """The file in which the package's messages are translated."""
    folder = root / "src" / "twostep" / "locale" / language / "LC_MESSAGES"
    return folder / f"{DOMAIN}.po"


def messages(root: Path) -> Catalog:
    """Every message of the package, with the files that say it; none is translated."""
    found = Catalog()
    source = root / "src" / "twostep"
    for file, _line, message, *_ in extract_from_dir(
        source, [("**.py", "python")], keywords={"_": None}
    ):
        found.add(message, locations=[(file, 0)])
    return found


def read(path: Path) -> Catalog:
    """The catalogue in a file; an empty one if there is no such file."""
    if not path.exists():
        return Catalog()
    with path.open("rb") as opened:
        return read_po(opened)


def updated(catalogue: Catalog, template: Catalog) -> Catalog:
    """The texts of the template, each with its translation.

    A text that changed keeps its old translation, marked fuzzy: it counts as none until a
    translator takes the mark away.
    """
    catalogue.update(template)
    return catalogue


def written(catalogue: Catalog) -> str:
    """A catalogue as the text of its file."""
    for message in catalogue:
        # Which formats a message holds is no business of a translator; a test compares them.
        message.flags &= {"fuzzy"}
        message.auto_comments = []
        message.locations = sorted({(file, 0) for file, _ in message.locations})
    file = BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return HEADER + file.getvalue().decode().rstrip("\n") + "\n"


def build(root: Path) -> None:
    """Write what the package reads: twostep.mo beside every twostep.po."""
    for source in (root / "src" / "twostep" / "locale").glob(f"*/LC_MESSAGES/{DOMAIN}.po"):
        file = BytesIO()
        write_mo(file, read(source))
        made = source.with_suffix(".mo")
        # A kernel that starts meanwhile must not see half of it.
        beside = made.with_suffix(".new")
        beside.write_bytes(file.getvalue())
        beside.replace(made)
