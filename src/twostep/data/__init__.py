"""Published figures that the lessons work with, and the terms; each file names its source first.

And a sample of order exports, which is simulated.
"""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def retention_2007() -> "pd.DataFrame":
    """Two subscription cohorts over twelve years: survivors of 1,000 customers.

    Columns: year, regular, high_end. Source: Fader & Hardie (2007), J. Interactive Marketing
    21(1):76–90, who print percentages; their data are from Berry & Linoff (2004).
    """
    return _table("retention_2007.csv")


def cohorts_2010() -> "pd.DataFrame":
    """Five yearly cohorts of 10,000, each a year shorter than the one before: customers active.

    Columns: cohort, year (since the cohort began), survivors. The fifth has only begun, so it says
    nothing about retention yet. Source: Fader & Hardie (2010), Marketing Science 29(1):85–93.
    """
    return _table("cohorts_2010.csv")


def email_experiment() -> "pd.DataFrame":
    """Totals of the three arms of an e-mail experiment with 64,000 customers over two weeks.

    Columns: arm ("mens" and "womens" were mailed, "none" was not), customers, visits, buyers, spend
    (US dollars). Source: Hillstrom, the MineThatData e-mail test.
    """
    return _table("email_experiment.csv")


def compromise_effect() -> "pd.DataFrame":
    """The share of students who chose a flat of middle quality, with and without a third flat.

    Columns: flats_on_offer, chose_middle (a share). Of two flats it is the nearer and less good
    one; the third is nearer still and worse. Source: Simonson (1989), J. Consumer Research
    16(2):158–174, as reported by Gourville & Soman (2007), Harvard Business School working paper
    07-092.
    """
    return _table("compromise_effect.csv")


def front_offer_studies() -> "pd.DataFrame":
    """What four published studies found about customers won with something cheap or free.

    Columns: study (first author), offer, finding, share (of 1; what it is a share of, `finding`
    says). Lewis (2006) and Datta, Foubert & van Heerde (2015) compare customers with others who
    came without the offer; Kannan, Pope & Jain (2009) and Yoganarasimhan, Barzegary & Pani (2020)
    are experiments.
    """
    return _table("front_offer_studies.csv")


def glossary() -> "pd.DataFrame":
    """The terms of the course: what each is called in English and in Japanese, and what it means.

    Columns: english and japanese (several names of one term are divided by " / "), symbol (empty
    where a term has none), definition (in our own words), basis ("usual" where practitioners use
    the Japanese term, "ours" where it is our translation).
    """
    return _table("glossary.csv").fillna("")


def subscription_complaints() -> "pd.DataFrame":
    """Complaints about subscriptions in mail order in Japan, cosmetics, health food and drinks.

    Columns: year (fiscal, from April), complaints (registered at consumer centres). Source:
    National Consumer Affairs Center of Japan (国民生活センター), announcement of 21 July 2022.
    """
    return _table("subscription_complaints.csv")


def info_product_complaints() -> "pd.DataFrame":
    """Complaints in Japan about info products: knowledge of how to earn much, sold on the Internet.

    Columns: year (fiscal, from April), complaints (registered at consumer centres). Source:
    National Consumer Affairs Center of Japan (国民生活センター), announcement of 2 August 2018.
    """
    return _table("info_product_complaints.csv")


def sample_orders() -> tuple[Path, ...]:
    """Two exports of a shop that does not exist, for `Orders.read(*sample_orders())`.

    Simulated by `tools/sample_orders.py`: a trial set, then a monthly box, twelve months long,
    as Shopify writes it, with two months in both files.
    """
    folder = Path(str(files(__name__).joinpath("sample_orders")))
    return tuple(sorted(folder.glob("*.csv")))


def _table(name: str) -> "pd.DataFrame":
    import pandas as pd

    with files(__name__).joinpath(name).open(encoding="utf-8") as lines:
        return pd.read_csv(lines, comment="#")
