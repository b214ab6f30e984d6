"""An order export read and counted, against pandas: `python -m benchmarks.orders`.

Ours reads a CSV with `Orders.read` and counts who went on with `front_back`. Against it stands the
least that could be done with the same file: `pandas.read_csv` and one `groupby`. Each runs in a
Python of its own, in turns; a process says itself how long it took after its imports, and how much
memory it had at most beyond them.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.rounds import Row

ROUNDS = 5
LINES = (10_000, 100_000, 1_000_000)
AIM = 3.0  # for the longest; the others show how it grows
PRODUCTS = {"Trial set": 980, "Monthly box": 3_980, "Soap": 1_500}

MEASURED = """
from resource import RUSAGE_SELF, getrusage
from time import perf_counter
import numpy, pandas, scipy.special
from twostep import Orders
before, began = getrusage(RUSAGE_SELF).ru_maxrss, perf_counter()
{work}
print("measured", perf_counter() - began, getrusage(RUSAGE_SELF).ru_maxrss - before)
"""
OURS = MEASURED.format(
    work="""
columns = dict(order="order", day="day", customer="customer", product="product", amount="amount")
orders = Orders.read({file!r}, columns=columns)
orders.front_back(front={{"Trial set"}}, back={{"Monthly box"}}, window_days=90).rate
""",
)
THEIRS = MEASURED.format(
    work='pandas.read_csv({file!r}).groupby("customer")["amount"].sum()',
)


def write(file: Path, lines: int) -> None:
    """An invented export of one line an order, three lines a customer on average.

    Written piece by piece: a process begins with the memory of the one that starts it.
    """
    rng = np.random.default_rng(1)
    names = list(PRODUCTS)
    with file.open("w", encoding="utf-8") as out:
        out.write("order,day,customer,product,amount\n")
        for order in range(lines):
            day = np.datetime64("2022-01-01") + order * 1_400 // lines
            product = names[rng.integers(len(names))]
            customer = rng.integers(lines // 3)
            out.write(f"{order},{day},C{customer},{product},{PRODUCTS[product]}\n")


def measured(program: str, file: Path) -> tuple[float, float]:
    """Seconds, and MiB at most beyond the imports, of one process."""
    command = [sys.executable, "-c", program.format(file=str(file))]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    _word, seconds, kibibytes = run.stdout.split()[-3:]
    return float(seconds), float(kibibytes) / 1024


def rows(file: Path, lines: int) -> tuple[Row, Row]:
    """Time and memory for one file."""
    write(file, lines)
    both = [(measured(OURS, file), measured(THEIRS, file)) for _round in range(ROUNDS)]
    ours = [[each[0][kind] for each in both] for kind in (0, 1)]
    theirs = [[each[1][kind] for each in both] for kind in (0, 1)]
    time, memory = (
        Row(
            f"{lines:,} lines",
            "pandas",
            median(ours[kind]),
            median(theirs[kind]),
            tuple(a / b for a, b in zip(ours[kind], theirs[kind], strict=True)),
            AIM if lines == max(LINES) else np.inf,
        )
        for kind in (0, 1)
    )
    return time, memory


def main() -> None:
    layout = "{:18} {:>10} {:>10} {:>7} {:>6} {:>12} {:>12} {:>7} {:>6}"
    print(layout.format("an order export", "ours", "pandas", "ratio", "aim",
                        "ours", "pandas", "ratio", "aim"))  # fmt: skip
    with TemporaryDirectory() as folder:
        for lines in LINES:
            time, memory = rows(Path(folder, "orders.csv"), lines)
            print(
                layout.format(
                    time.subject,
                    *(f"{seconds:.2f} s" for seconds in (time.ours, time.theirs)),
                    f"{time.ratio:.2f}",
                    _aim(time),
                    *(f"{size:.0f} MiB" for size in (memory.ours, memory.theirs)),
                    f"{memory.ratio:.2f}",
                    _aim(memory),
                )
            )


def _aim(row: Row) -> str:
    if np.isinf(row.aim):
        return ""
    return f"{row.aim:g}{' !' if row.ratio > row.aim else ''}"


if __name__ == "__main__":
    main()
