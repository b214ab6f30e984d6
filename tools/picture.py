"""The picture of a calculator in README and on the site's front page.

    python -m tools.picture      makes it anew

To be run, and looked at, when calculators look otherwise than before.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import FloatRect, ViewportSize, sync_playwright
from tools.lab import launch, serving
from tools.notebooks import ROOT

PICTURE = ROOT / "site" / "calculator.png"
WINDOW: ViewportSize = {"width": 860, "height": 1200}
HEIGHT = 462  # from the verdict to below the first chart


def main() -> None:
    """Photograph the first calculator of `make app`, as it opens."""
    arguments = [str(ROOT / "app" / "calculators.ipynb"), "--Voila.ip=127.0.0.1"]
    arguments.append("--template=course")
    with (
        TemporaryDirectory() as home,
        serving("voila", arguments, Path(home), JUPYTER_PATH=str(ROOT / "app")) as address,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport=WINDOW)
        page.goto(address)
        calculator = page.locator(".twostep-calculator").first
        calculator.locator("svg").last.wait_for()
        page.wait_for_function("document.fonts.ready.then(() => true)")
        place = calculator.bounding_box()
        assert place
        clip = FloatRect(x=place["x"], y=place["y"], width=place["width"], height=HEIGHT)
        PICTURE.write_bytes(page.screenshot(clip=clip))
        browser.close()


if __name__ == "__main__":
    main()
