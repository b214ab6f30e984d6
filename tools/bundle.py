"""Runs when the package is built: makes what is in the package, but not in the repository.

The charting library, beside the calculator's own scripts: made from what vl-convert carries, so
nothing is fetched; not committed, for nobody here wrote its 900 kB. A kernel then only reads a
file: no bundler, no second process. And the messages in other languages, as Python reads them.
"""

import sys
from pathlib import Path
from typing import Any

import vl_convert
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bundle(BuildHookInterface[Any]):
    """Writes src/twostep/static/vega.js, which exports `vegaEmbed`, and every twostep.mo."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        source = vl_convert.javascript_bundle(
            "export { vegaEmbed };", vl_version=self.config["vega-lite"]
        )
        place = Path(self.root, "src", "twostep", "static", "vega.js")
        place.write_text(source, encoding="utf-8")
        sys.path.insert(0, self.root)  # the build knows this file only
        from tools import catalogue

        catalogue.build(Path(self.root))
