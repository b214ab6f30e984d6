"""Opening an export: its encoding, its separator, its header; every cell as text, meaning later.

Only the columns that are wanted are kept, each as its distinct texts and a number for every row, so
that a million rows take little memory and each distinct text is understood once.
"""

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from itertools import accumulate, chain, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, comma_separated
from twostep.orders import cells
from twostep.orders.formats import FORMATS, KEYS, LINE_FRIENDS, OWN, Format, recognised
from twostep.orders.privacy import PERSONAL, example, fingerprints
from twostep.orders.questions import UnknownColumnsError
from twostep.orders.words import TOTALS, plain

Source = str | os.PathLike[str] | bytes | IO[Any]

HEADER_WITHIN = 30  # lines: titles may stand above a header, but not a page of them
CHUNK = 1_000  # rows; many more at a time, and the garbage collector looks at them all again
NAMED = 10  # lines named in an error

_WORKBOOK = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NO_TEXT = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF", b"BM", b"\x00\x00\x00")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Python's cp932 lets these bytes pass, which the real one does not have.
_NOT_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
SEPARATORS = ",\t;|"


@dataclass(frozen=True)
class Texts:
    """One column: its distinct texts, and for every row the number of its text."""

    codes: NDArray[np.int32]
    distinct: list[str]


@dataclass(frozen=True)
class Export:
    """One file, or one sheet of a workbook, as it was found: text, nothing understood yet."""

    name: str
    unit: str  # what its rows are called: "line" or "row"
    how: str
    system: Format
    columns: Mapping[str, str]  # our name → the file's
    examples: Mapping[str, str]  # our name → a text of the column, masked where it is personal
    texts: Mapping[str, Texts]  # our name → its texts; the day is split into "day" and "clock"
    fingerprints: Mapping[str, NDArray[np.int64]]  # of order, customer and email: see `privacy`
    lines: NDArray[np.int32]  # of each row, as an editor or Excel counts
    no_orders: Sequence[tuple[str, int]]  # reason and line of rows that are sums or empty

    def place(self, line: int) -> str:
        """Where a row is: "jan.csv line 17"."""
        return _("{name} {unit} {line}").format(name=self.name, unit=self.unit, line=line)


def open_exports(
    source: Source, number: int, columns: Mapping[str, str], encoding: str | None
) -> list[Export]:
    """Read one file: several exports where a workbook has several sheets with orders.

    Raises ValueError, in one sentence that names the file and where it can the line or the column,
    for anything that is no table of orders.
    """
    file = _File(source, number)
    if file.is_workbook:
        return list(_sheets(file, columns))
    return [_text_file(file, columns, encoding)]


def headers(source: Source) -> list[str]:
    """The names of the columns of an export, for a form to choose from; none without a header."""
    file = _File(source, 1)
    if file.is_workbook:
        lines: Sequence[Any] = next(
            (rows[:HEADER_WITHIN] for _sheet, rows in _workbook(file) if any(map(any, rows))), []
        )
    else:
        with _decoded(file, None)[0] as stream:
            lines = list(islice(stream, HEADER_WITHIN))
    names = _find_header(lines, file.name, {}, insist=False).names
    return [] if any(map(_is_data, names)) else [name for name in names if name]


class _File:
    """What was given to read: its name, its first bytes, and how to open it again."""

    def __init__(self, source: Source, number: int) -> None:
        self.name = _("file {number}").format(number=number)
        self.path: Path | None = None
        self.content: bytes | str = b""
        if isinstance(source, bytes):
            self.content = source
        elif isinstance(source, str | os.PathLike):
            self.path = Path(source).expanduser()
            self.name = self.path.name
        elif hasattr(source, "read"):
            given = getattr(source, "name", None)
            self.name = Path(given).name if isinstance(given, str) else self.name
            self.content = source.read()
            if isinstance(self.content, str):
                self.content = self.content.removeprefix("\ufeff")
        else:
            raise ValueError(
                _("give the path of a file, its bytes, or an open file, not {kind}").format(
                    kind=type(source).__name__
                )
            )
        self.head = self._head()
        if not self.head:
            raise self.refusal(_("it is empty"))
        self.is_workbook = self._kind()

    def refusal(self, reason: str) -> ValueError:
        """The error that says, in one sentence, why this file cannot be read."""
        return ValueError(_("{name}: {reason}.").format(name=self.name, reason=reason))

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path else len(self.content)

    def open(self, encoding: str) -> IO[str]:
        """The text, with line ends as they are."""
        if self.path:
            return self.path.open(encoding=encoding, newline="")
        if isinstance(self.content, str):
            return io.StringIO(self.content, newline="")
        return io.TextIOWrapper(io.BytesIO(self.content), encoding=encoding, newline="")

    def _head(self) -> bytes:
        if self.path is None:
            start = self.content[:4096]
            return start.encode() if isinstance(start, str) else start
        try:
            with self.path.open("rb") as stream:
                return stream.read(4096)
        except FileNotFoundError:
            reason = _("there is no such file in {folder}").format(
                folder=self.path.absolute().parent.name or "/"
            )
        except IsADirectoryError:
            reason = _("this is a folder; name the files in it")
        except (OSError, ValueError):
            reason = _("it cannot be opened; is it open in another program, or not yours?")
        raise self.refusal(reason)

    def _kind(self) -> bool:
        """Whether this is a workbook; refuses what is neither a workbook nor text."""
        suffix = self.path.suffix.lower() if self.path else Path(self.name).suffix.lower()
        if self.head.startswith((_ZIP, _OLE)):
            if suffix and suffix not in _WORKBOOK:
                raise self.refusal(
                    _(
                        "by its content this is an Excel workbook (or a zip archive), whatever its "
                        "name says; give it the ending .xlsx, or save it as CSV"
                    )
                )
            return True
        if self.head.startswith(_NO_TEXT) or (
            b"\x00" in self.head and not self.head.startswith(tuple(_BOMS))
        ):
            raise self.refusal(_("this is no table: a picture, a PDF or another program's file"))
        if suffix in _WORKBOOK:
            raise self.refusal(
                _("it is called a workbook, but its content is not one; is it CSV? Rename it .csv")
            )
        return False


def _decoded(file: _File, encoding: str | None) -> tuple[IO[str], str]:
    """The file as text, and its encoding: the one given, or BOM, strict UTF-8, strict cp932."""
    bom = next((name for start, name in _BOMS.items() if file.head.startswith(start)), None)
    candidates = [encoding] if encoding else [bom] if bom else ["utf-8", "cp932"]
    for name in candidates:
        try:
            with file.open(name) as stream:
                while text := stream.read(1 << 20):
                    if name == "cp932" and _NOT_CP932.search(text):
                        raise UnicodeError
            return file.open(name), name
        except LookupError:
            raise ValueError(
                _("encoding = {encoding!r} is not known; try 'cp932' or 'utf-8'").format(
                    encoding=encoding
                )
            ) from None
        except UnicodeError:
            continue
    names, *others = candidates
    for other in others:
        names = _("{names} or as {other}").format(names=names, other=other)
    reason = _("its letters cannot be read as {names}; pass encoding=, or save it anew as UTF-8")
    raise file.refusal(reason.format(names=names))


@dataclass(frozen=True)
class _Header:
    """A header that was found: the lines above and in it, its names, the separator, the system."""

    above: int
    lines: int
    names: list[str]
    separator: str
    system: Format | None


def _find_header(
    lines: Sequence[Any], name: str, columns: Mapping[str, str], *, insist: bool = True
) -> _Header:
    """The first row that has the wanted names, among the first lines (texts, or rows of cells)."""
    wanted = {plain(column) for column in columns.values()}
    best: _Header | None = None
    for above in range(len(lines)):
        found = _header_at(lines, above)
        if not any(found.names):
            continue
        if found.names and set(found.names) >= LINE_FRIENDS:
            raise ValueError(
                _(
                    "{name}: this is LINE's table of friends, counts by day without persons; it "
                    "feeds ContactList, not Orders."
                ).format(name=name)
            )
        if wanted <= set(found.names) and (found.system or "day" in columns):
            return found
        # For the message: a known system's header, else the one with most of what was asked for.
        if best is None or _closeness(found, wanted) > _closeness(best, wanted):
            best = found
    if best is None:
        raise ValueError(_("{name}: it holds no text.").format(name=name))
    if insist:
        raise _no_header(name, best, columns)
    return best


def _closeness(header: _Header, wanted: set[str]) -> tuple[bool, int, int]:
    names = set(header.names) - {""}
    return header.system is not None, len(wanted & names), len(names)


def _header_at(lines: Sequence[Any], above: int) -> _Header:
    first = lines[above]
    if isinstance(first, str):
        outside = "".join(first.split('"')[::2])
        separator = max(SEPARATORS, key=outside.count)
        reader = csv.reader(lines[above:], delimiter=separator)
        try:
            cells_found, used = next(reader, []), reader.line_num
        except csv.Error:
            cells_found, used = [], 1
    else:
        separator, cells_found, used = "", first, 1
    names = [plain(cell) for cell in cells_found]
    return _Header(above, used, names, separator, recognised(names))


def _no_header(name: str, best: _Header, columns: Mapping[str, str]) -> ValueError:
    """Why no header was found. Never shows a row that may hold a customer."""
    if any(map(_is_data, best.names)):
        return ValueError(
            _(
                "{name}: there is no header, the row that names the columns; line {line} holds "
                "data already."
            ).format(name=name, line=best.above + 1)
        )
    present = comma_separated(repr(column) for column in best.names if column)
    missing = [column for column in columns.values() if plain(column) not in best.names]
    if missing:
        near = get_close_matches(plain(missing[0]), best.names, n=1)
        reason = _("{name}: there is no column {missing!r}; its columns are {present}.")
        if near:
            reason = _(
                "{name}: there is no column {missing!r} (did you mean {near!r}?); its columns are "
                "{present}."
            )
        return UnknownColumnsError(
            reason.format(name=name, missing=missing[0], near="".join(near), present=present)
        )
    return UnknownColumnsError(
        _(
            "{name}: this is the export of no system we know ({known}). Say which of its columns "
            "is what: columns={{'order': …, 'day': …, 'customer': …, 'product': …, 'price': …}}; "
            "'day' is needed, possible are {keys}. Its columns are {present}."
        ).format(
            name=name,
            known=comma_separated(known.name for known in FORMATS),
            keys=comma_separated(KEYS),
            present=present,
        )
    )


def _is_data(cell: str) -> bool:
    if "@" in cell or cells.day_text(cell.partition(" ")[0]):
        return True
    try:
        cells.amount(cell)
    except ValueError:
        return False
    return True


def _mapped(name: str, header: _Header, columns: Mapping[str, str]) -> dict[str, str]:
    """Our name → the file's column, for every column that is wanted and there."""
    mapping = {}
    for key, given in (header.system or OWN).columns.items():
        options = (given,) if isinstance(given, str) else given
        if there := [option for option in options if option in header.names]:
            mapping[key] = there[0]
    mapping |= {key: plain(column) for key, column in columns.items()}
    if "amount" in columns:
        mapping.pop("price", None)
    elif "price" in columns:
        mapping.pop("amount", None)
        mapping.pop("tax", None)
    for column in mapping.values():
        if header.names.count(column) > 1:
            raise ValueError(
                _("{name}: there are two columns {column!r}; give one another name.").format(
                    name=name, column=column
                )
            )
    return mapping


def _text_file(file: _File, columns: Mapping[str, str], encoding: str | None) -> Export:
    stream, name = _decoded(file, encoding)
    with stream:
        first = list(islice(stream, HEADER_WITHIN))
        header = _find_header(first, file.name, columns)
        rest = chain(first[header.above + header.lines :], stream)
        position: Callable[[], int] = getattr(stream, "buffer", stream).tell
        collected = _Rows(file, header, _mapped(file.name, header, columns), _("line"))
        with _progress(file) as report:
            for rows, lines in _parsed(file, rest, header):
                collected.add(rows, lines)
                report(position())
    how = _("{encoding}, cells separated by {separator}").format(
        encoding=name.upper(),
        separator={",": _("commas"), "\t": _("tabs"), ";": _("semicolons"), "|": _("bars")}[
            header.separator
        ],
    )
    return collected.export(file.name, how)


def _parsed(
    file: _File, lines: Iterable[str], header: _Header
) -> Iterator[tuple[list[list[str]], list[int]]]:
    """Rows with the line each begins in, a chunk at a time."""
    reader = csv.reader(lines, delimiter=header.separator, strict=True)
    line = header.above + header.lines + 1
    while True:
        before, rows = reader.line_num, []
        try:
            # One after another, so that where it fails the rows before are known.
            for row in islice(reader, CHUNK):
                rows.append(row)  # noqa: PERF402
        except csv.Error:
            raise file.refusal(
                _(
                    "line {line} cannot be taken apart; a quotation mark is too many or missing"
                ).format(line=line + sum(map(_height, rows)))
            ) from None
        if not rows:
            return
        height = reader.line_num - before
        if height == len(rows):
            starts = list(range(line, line + height))
        else:
            starts = list(accumulate(map(_height, rows), initial=line))[:-1]
        line += height
        yield rows, starts


def _height(row: list[str]) -> int:
    """The lines that a row takes: one more than the line ends in its cells."""
    text = "".join(row)
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


class _Codes(dict[str, int]):
    """Numbers for texts, in the order in which they are first met."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class _Rows:
    """Rows of one table, of which only the wanted columns are kept."""

    def __init__(self, file: _File, header: _Header, mapping: dict[str, str], unit: str) -> None:
        self.file, self.header, self.mapping, self.unit = file, header, mapping, unit
        self.width = len(header.names)
        self.at = {key: header.names.index(column) for key, column in mapping.items()}
        self.codes = {key: _Codes() for key in (*mapping, "clock") if key not in PERSONAL}
        self.parts: dict[str, list[NDArray[Any]]] = {key: [] for key in (*mapping, "clock")}
        self.examples: dict[str, str] = {}
        self.lines: list[NDArray[np.int32]] = []
        self.no_orders: list[tuple[str, int]] = []
        self.ragged: list[int] = []

    def add(self, rows: list[list[str]], lines: list[int]) -> None:
        """Keep a chunk of rows."""
        if set(map(len, rows)) - {self.width}:
            # An empty line is no row; any other length would shift cells into wrong columns.
            self.ragged += [
                line
                for row, line in zip(rows, lines, strict=True)
                if len(row) not in (0, self.width)
            ]
            kept = [i for i, row in enumerate(rows) if len(row) == self.width]
            rows, lines = [rows[i] for i in kept], [lines[i] for i in kept]
        columns = list(zip(*rows, strict=True))
        day = self.at["day"]
        # Digits come before ":" and letters after: a quick look whether all may be dates.
        if rows and not "0" <= min(columns[day]) <= max(columns[day]) < ":":
            out = {
                i: reason
                for i, row in enumerate(rows)
                if not row[day][:1].isdigit() and (reason := _no_order(row))
            }
            self.no_orders += [(reason, lines[i]) for i, reason in out.items()]
            rows = [row for i, row in enumerate(rows) if i not in out]
            lines = [line for i, line in enumerate(lines) if i not in out]
            columns = list(zip(*rows, strict=True))
        if not rows:
            return
        for key, index in self.at.items():
            column = columns[index]
            if not self.examples.get(key):
                self.examples[key] = example(key, column)
            if key in PERSONAL:
                self.parts[key].append(fingerprints(key, column))
            elif key == "day":
                dates, clocks = _date_and_clock(column)
                self._keep("day", dates)
                self._keep("clock", clocks)
            else:
                self._keep(key, column)
        self.lines.append(np.array(lines, dtype=np.int32))

    def _keep(self, key: str, column: Sequence[str]) -> None:
        numbers = map(self.codes[key].__getitem__, column)
        self.parts[key].append(np.fromiter(numbers, np.int32, len(column)))

    def export(self, name: str, how: str) -> Export:
        """The table, or a refusal where it has ragged rows or none."""
        if self.ragged:
            lines = comma_separated(map(str, self.ragged[:NAMED]))
            if len(self.ragged) > NAMED:
                lines = _("{lines} and {more} more").format(
                    lines=lines, more=len(self.ragged) - NAMED
                )
            raise self.file.refusal(
                _(
                    "{count} rows have not the {width} cells that the header has: {unit} {lines}; "
                    "often a comma stands in a name without quotation marks"
                ).format(count=len(self.ragged), width=self.width, unit=self.unit, lines=lines)
            )
        if not self.lines:
            raise self.file.refusal(_("there is a header, and no order below it"))
        joined = {key: np.concatenate(parts) for key, parts in self.parts.items()}
        return Export(
            name=name,
            unit=self.unit,
            how=how,
            system=self.header.system or OWN,
            columns=self.mapping,
            examples=self.examples,
            texts={key: Texts(joined[key], list(codes)) for key, codes in self.codes.items()},
            fingerprints={key: joined[key] for key in self.at if key in PERSONAL},
            lines=np.concatenate(self.lines),
            no_orders=tuple(self.no_orders),
        )


def _date_and_clock(column: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The column of days in two, because there are few dates and few times, and many of both."""
    first = column[0]
    cut = "T" if "T" in first and " " not in first else " "
    at = first.find(cut)
    # All of one length and cut at the same place, as most systems write them: quicker.
    if at > 0 and len(set(map(len, column))) == 1 and set(map(itemgetter(at), column)) == {cut}:
        return [text[:at] for text in column], [text[at + 1 :] for text in column]
    dates, _cuts, clocks = zip(*(text.strip().partition(cut) for text in column), strict=True)
    return dates, clocks


def _no_order(row: Sequence[str]) -> str:
    """Why a row without a date is no order at all; "" where it may be one."""
    if not any(row):
        return _("empty row")
    if any(plain(cell).casefold() in TOTALS for cell in row if cell):
        return _("total row")
    return ""


def _workbook(file: _File) -> Iterator[tuple[str, list[list[str]]]]:
    """The sheets of a workbook: name, and every row as texts."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    content = file.path.read_bytes() if file.path else file.content
    assert isinstance(content, bytes)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            cells_found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, [[_cell_text(cell) for cell in row] for row in cells_found]
    except PasswordError:
        raise file.refusal(_("it is locked with a password; save it without one")) from None
    except CalamineError:
        raise file.refusal(
            _("it cannot be opened as a workbook; save it anew in Excel, or as CSV")
        ) from None


def _cell_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _sheets(file: _File, columns: Mapping[str, str]) -> Iterator[Export]:
    """Every sheet that has the wanted columns, in the workbook's order."""
    refusal: ValueError | None = None
    passed_over, found = [], []
    for sheet, rows in _workbook(file):
        try:
            header = _find_header(rows[:HEADER_WITHIN], file.name, columns)
        except ValueError as reason:
            refusal = refusal or reason
            passed_over.append(sheet)
            continue
        collected = _Rows(file, header, _mapped(file.name, header, columns), _("row"))
        start = header.above + 1
        collected.add(rows[start:], list(range(start + 1, len(rows) + 1)))
        found.append((sheet, collected))
    if not found:
        raise refusal or file.refusal(_("it has no sheets"))
    # A sheet that is empty below its header says nothing beside one that is not.
    found = [pair for pair in found if pair[1].lines] or found
    for sheet, collected in found:
        name = file.name if len(found) == 1 else f"{file.name} [{sheet}]"
        how = _("Excel, sheet {sheet}").format(sheet=sheet)
        if passed_over:
            how += _("; not read: {sheets}").format(sheets=comma_separated(passed_over))
        yield collected.export(name, how)


@contextmanager
def _progress(file: _File) -> Iterator[Callable[[int], None]]:
    """Shows how far the reading of a large file is; shows nothing where that is quick."""
    from tqdm import tqdm

    bar = tqdm(total=file.size, desc=file.name, unit="B", unit_scale=True, delay=1, leave=False)
    with bar:
        yield lambda position: bar.update(position - bar.n)
