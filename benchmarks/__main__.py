"""Run every benchmark and print one table: `python -m benchmarks`."""

import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np

from benchmarks.by_hand import SWEEPS, Sweep
from benchmarks.rounds import Row, compare, timed
from twostep import ShiftedBetaGeometric, WhichFirst, regime_map
from twostep.data import retention_2007

SCENARIOS = 1_000_000


def sweep(case: Sweep) -> Row:
    """A million scenarios: the model, built and asked once, against its formula by hand."""
    numbers = np.linspace(case.low, case.high, SCENARIOS)
    if case.whole:
        numbers = np.round(numbers)
    defaults = case.model()

    def ours() -> Any:
        if not hasattr(defaults, case.field):
            return getattr(defaults, case.answer)(**{case.field: numbers})
        answer = getattr(case.model(**{case.field: numbers}), case.answer)
        return answer(*case.arguments) if case.arguments else answer

    def theirs() -> Any:
        return case.by_hand(defaults, numbers)

    scale = np.abs(theirs()).max()
    np.testing.assert_allclose(ours(), theirs(), rtol=1e-7, atol=1e-7 * scale)
    return compare(
        f"{case.model.__name__}.{case.answer}", "by hand", 1.3, timed(ours), timed(theirs)
    )


def map_of_regimes() -> Row:
    """A 200 × 200 map against one scenario after another in a Python loop."""
    means, strengths = np.linspace(0.005, 0.15, 200), np.geomspace(2, 1_000, 200)

    def ours() -> Any:
        return regime_map(means, strengths)

    def theirs() -> Any:
        pairs = product(means.tolist(), strengths.tolist())
        return [WhichFirst.from_belief(mean=m, strength=s).best for m, s in pairs]

    assert ours().to_numpy().ravel().tolist() == theirs()
    return compare("regime_map, 200 × 200", "scalar loop", 0.01, timed(ours), timed(theirs))


def fit() -> Row | None:
    """Alpha and beta of the published cohort, against PyMC-Marketing's fit of the same model."""
    if find_spec("pymc_marketing") is None:
        return None
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymc_extras.prior import Prior
        from pymc_marketing.clv import ShiftedBetaGeoModel

    counts = retention_2007()["regular"].to_numpy()[:8]
    left = -np.diff(counts)
    renewals = np.repeat(np.arange(1, counts.size + 1), [*left, counts[-1]])
    customers = pd.DataFrame(
        {
            "customer_id": np.arange(renewals.size),
            "recency": renewals,
            "T": counts.size,
            "cohort": "regular",
        }
    )

    def ours() -> Any:
        model = ShiftedBetaGeometric.fit(counts).model
        return [model.alpha, model.beta]

    def theirs() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # With flat priors its most probable values are those of maximum likelihood.
            flat = {name: Prior("HalfFlat", dims="cohort") for name in ("alpha", "beta")}
            model = ShiftedBetaGeoModel(model_config=flat)
            model.fit(customers, method="map", progressbar=False)
            return [float(model.fit_result[name].squeeze()) for name in flat]

    np.testing.assert_allclose(ours(), theirs(), rtol=1e-3)
    return compare("ShiftedBetaGeometric.fit", "PyMC-Marketing", 0.02, timed(ours), timed(theirs))


def imports() -> Iterator[Row]:
    """A fresh Python each time; it says itself how long the import took."""

    def seconds(program: str) -> float:
        script = f"from time import perf_counter as t; b = t(); {program}; print(t() - b)"
        command = [sys.executable, "-c", script]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    numpy = partial(seconds, "import numpy")
    for program in ("import twostep", "from twostep import Funnel"):
        yield compare(program, "import numpy", 1.5, partial(seconds, program), numpy)


def rows() -> Iterator[Row | None]:
    for case in SWEEPS:
        yield sweep(case)
    yield map_of_regimes()
    yield fit()
    yield from imports()


def main() -> None:
    layout = "{:34} {:20} {:>9} {:>9} {:>7} {:>16} {:>6} {:>6}"
    print(layout.format("what", "against", "ours", "theirs", "ratio", "5–95%", "rounds", "aim"))
    missed = 0
    for row in rows():
        if row is None:
            print("ShiftedBetaGeometric.fit: not compared, pymc-marketing is not installed")
            continue
        low, high = np.quantile(row.ratios, [0.05, 0.95])
        missed += row.ratio > row.aim
        print(
            layout.format(
                row.subject,
                row.against,
                f"{row.ours * 1e3:,.1f} ms",
                f"{row.theirs * 1e3:,.1f} ms",
                f"{row.ratio:.3g}",
                f"{low:.3g}–{high:.3g}",
                len(row.ratios),
                f"{row.aim:g}{'' if row.ratio <= row.aim else ' !'}",
            ),
            flush=True,
        )
    print(f"aims missed: {missed} (marked !)")


if __name__ == "__main__":
    main()
