"""The published figures: as printed, sourced, and light to import."""

import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest

from twostep import data
from twostep.models.retention import ShiftedBetaGeometric

REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3]
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]


def test_cohorts_of_2007() -> None:
    table = data.retention_2007()
    assert table["year"].tolist() == list(range(13))
    assert (table["regular"] / 10).tolist() == REGULAR
    assert (table["high_end"] / 10).tolist() == HIGH_END
    first_year = np.array([0.631, 0.869])
    # Constant first-year retention leaves 0.40 % and 18.5 % in year 12.
    assert first_year**12 == pytest.approx([0.0040, 0.1855], abs=5e-5)
    fit = ShiftedBetaGeometric.fit(table["regular"].iloc[:8].to_numpy())
    assert fit.model.alpha == pytest.approx(0.7041, abs=5e-5)
    assert float(fit.model.survival(12)) / 0.173 - 1 == pytest.approx(-0.017, abs=5e-4)
    high_end = ShiftedBetaGeometric.fit(table["high_end"].iloc[:8].to_numpy()).model
    assert float(high_end.survival(12)) / 0.394 - 1 == pytest.approx(-0.041, abs=5e-4)


def test_cohorts_of_2010() -> None:
    table = data.cohorts_2010()
    full = [10_000, 8_000, 6_480, 5_307, 4_391]
    for cohort, survivors in table.groupby("cohort")["survivors"]:
        assert survivors.tolist() == full[: 6 - int(str(cohort))]
    assert table.groupby("cohort")["year"].apply(list).loc[3] == [0, 1, 2]
    cohorts = [part.to_numpy() for cohort, part in table.groupby("cohort")["survivors"]]
    model = ShiftedBetaGeometric.fit(*cohorts[:4]).model
    assert model.alpha == pytest.approx(3.80, abs=5e-3)
    assert model.beta == pytest.approx(15.19, abs=5e-3)


def test_email_experiment() -> None:
    table = data.email_experiment().set_index("arm")
    assert table["customers"].sum() == 64_000
    printed = {
        "mens": (18.28, 1.253, 1.4226),
        "womens": (15.14, 0.884, 1.0772),
        "none": (10.62, 0.573, 0.6528),
    }
    for arm, (visits, buyers, spend) in printed.items():
        row = table.loc[arm]
        assert 100 * row["visits"] / row["customers"] == pytest.approx(visits, abs=5e-3)
        assert 100 * row["buyers"] / row["customers"] == pytest.approx(buyers, abs=5e-4)
        assert row["spend"] / row["customers"] == pytest.approx(spend, abs=5e-5)
    assert (table["spend"] / table["buyers"]).tolist() == pytest.approx(
        [113.5, 121.9, 114.0], abs=0.05
    )


def test_every_file_names_its_source() -> None:
    tables = [file for file in files(data).iterdir() if file.name.endswith(".csv")]
    assert len(tables) == 3
    for file in tables:
        assert file.read_text(encoding="utf-8").startswith("# Source: ")


def test_importing_models_and_data_loads_no_scipy_and_no_pandas() -> None:
    names = ["retention", "which_first", "audience", "fit_generosity", "promise", "small_numbers"]
    code = "import sys, twostep.data\n"
    code += "".join(f"import twostep.models.{name}\n" for name in names)
    code += "print([name for name in ('scipy', 'pandas') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
