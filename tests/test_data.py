"""The published figures: as printed, sourced, and light to import."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files

import numpy as np
import pandas as pd
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
    for cohort, years in table.groupby("cohort")["year"]:
        assert years.tolist() == list(range(6 - int(str(cohort))))
    assert table["cohort"].is_monotonic_increasing
    cohorts = [part.to_numpy() for cohort, part in table.groupby("cohort")["survivors"]]
    model = ShiftedBetaGeometric.fit(*cohorts[:4]).model
    assert model.alpha == pytest.approx(3.80, abs=5e-3)
    assert model.beta == pytest.approx(15.19, abs=5e-3)


def test_email_experiment() -> None:
    table = data.email_experiment().set_index("arm")
    # The totals of all rows, as everybody finds them who describes the published file.
    totals = table[["customers", "visits", "buyers"]].sum()
    assert totals.tolist() == [64_000, 9_394, 578]
    assert table["spend"].sum() == pytest.approx(67_258.13, abs=1e-6)
    assert totals["visits"] / 64_000 == pytest.approx(0.146781, abs=5e-7)
    assert totals["buyers"] / 64_000 == pytest.approx(0.009031, abs=5e-7)
    assert table["spend"].sum() / 64_000 == pytest.approx(1.050908, abs=5e-7)
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


def test_subscription_complaints() -> None:
    table = data.subscription_complaints().set_index("year")["complaints"]
    printed = {2016: 14_909, 2017: 19_264, 2018: 23_026, 2019: 50_569, 2020: 56_094, 2021: 52_446}
    assert table.to_dict() == printed


def test_info_product_complaints() -> None:
    table = data.info_product_complaints().set_index("year")["complaints"]
    assert table.to_dict() == {2013: 872, 2014: 999, 2015: 1_754, 2016: 2_965, 2017: 6_593}
    assert table[2017] / table[2013] > 7  # "more than 7 times", as the announcement says


def test_compromise_effect() -> None:
    # Of two flats half chose the middling one, of three 66 %.
    table = data.compromise_effect().set_index("flats_on_offer")["chose_middle"]
    assert table.to_dict() == {2: 0.50, 3: 0.66}


def test_front_offer_studies() -> None:
    table = data.front_offer_studies().set_index("study")
    share = table["share"].to_dict()
    # "About half the long-term value"; "59% lower"; 58 of 100 kept the paper when the file was
    # free; "a 5.59% increase".
    printed = {"Lewis": 0.5, "Datta": 0.59, "Kannan": 1 - 0.58, "Yoganarasimhan": 0.0559}
    assert share == pytest.approx(printed)
    offers = table["offer"]
    assert "35%" in offers["Lewis"]
    assert offers["Yoganarasimhan"].startswith("7 free days (against 14 or 30)")


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("retention_2007", test_cohorts_of_2007),
        ("cohorts_2010", test_cohorts_of_2010),
        ("email_experiment", test_email_experiment),
        ("subscription_complaints", test_subscription_complaints),
        ("info_product_complaints", test_info_product_complaints),
        ("compromise_effect", test_compromise_effect),
        ("front_offer_studies", test_front_offer_studies),
    ],
)
def test_any_digit_changed_in_a_published_table_is_seen(
    name: str, test: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = files(data).joinpath(f"{name}.csv").read_text(encoding="utf-8").partition("\n")[2]
    digits = list(re.finditer(r"\d", text))
    numbers = pd.read_csv(io.StringIO(text)).select_dtypes("number").size
    assert len(digits) >= numbers >= 4
    for digit in digits:
        other = str((int(digit[0]) + 1) % 10)
        changed = pd.read_csv(io.StringIO(text[: digit.start()] + other + text[digit.end() :]))
        monkeypatch.setattr(data, name, lambda changed=changed: changed)
        with pytest.raises((AssertionError, ValueError, KeyError)):
            test()


def test_every_file_names_its_source() -> None:
    tables = [file for file in files(data).iterdir() if file.name.endswith(".csv")]
    assert len(tables) == 8
    for file in tables:
        assert file.read_text(encoding="utf-8").startswith("# Source: ")


def test_importing_models_and_data_loads_no_scipy_and_no_pandas() -> None:
    names = ["retention", "which_first", "audience", "fit_generosity", "promise", "small_numbers"]
    code = "import sys, twostep.data\n"
    code += "".join(f"import twostep.models.{name}\n" for name in names)
    code += "print([name for name in ('scipy', 'pandas') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_glossary_says_what_every_term_means() -> None:
    terms = data.glossary()
    assert len(terms) >= 60
    english = [name for names in terms["english"] for name in names.split(" / ")]
    assert len(english) == len(set(english))
    japanese = [name for names in terms["japanese"] for name in names.split(" / ")]
    # A conversion rate and a take rate are both called 成約率.
    assert sorted({name for name in japanese if japanese.count(name) > 1}) == ["成約率"]
    assert all(text.endswith(".") and len(text) > 15 for text in terms["definition"])
    assert set(terms["basis"]) == {"usual", "ours"}
    by_name = terms.set_index("english")["japanese"]
    # Words that are often confused.
    assert by_name["CPO / cost per order"] == "注文獲得単価"
    assert by_name["cost per visit"] == "訪問1件あたりの広告費"
    assert by_name["paid pre-order"] == "予約販売(代金前払い)"
    assert by_name["survival"] == "残存率"
    assert by_name["retention"] == "継続率"
