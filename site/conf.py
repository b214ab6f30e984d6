"""Sphinx: the course as a site to read, from the committed pages. Nothing is run.

The source is the top folder of the repository: `make site`. How a page is shown where nothing runs
stands in tools/reading.py, what is written from the package in tools/reference.py.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

project = html_title = "Two-Step Marketing"
extensions = ["myst_nb", "tools.reading"]
# JupyterLite's folder on the site, with its stroke, such as live/; empty: pages open on Binder.
live = os.environ.get("LIVE", "")

# A page in site/ stands at the top of the site: site/index.md is its front page.
root_doc = "index"
include_patterns = [
    "site/**.md",
    "lessons/*.ipynb",
    "exercises/*.ipynb",
    "solutions/*.ipynb",
    "README.ja.md",
    "ja/lessons/*.ipynb",
    "ja/exercises/*.ipynb",
    "ja/solutions/*.ipynb",
    "ja/instructor/*.md",
    "instructor/*.md",
    "deploy/README.md",
    "CONTRIBUTING.md",
    "COVERAGE.md",
]
# Not even looked into.
exclude_patterns = [".*", "**/.*", "build", "my-*", "**/node_modules"]

nb_execution_mode = "off"
smartquotes = False  # a page keeps its own
myst_enable_extensions = ["attrs_block", "dollarmath"]
myst_heading_anchors = 4
html_math_renderer = "mathml"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = html_copy_source = html_show_copyright = html_use_index = False
html_domain_indices = False
html_theme_options = {"top_of_page_buttons": []}
