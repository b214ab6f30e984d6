"""How soon the site can be read: `python -m benchmarks.first_view`, after `make site`.

Lesson 01 as a phone opens it the first time, over a slow line, against a bare page of the same
words. In turns, each time with an empty cache; the clock is the browser's, from the request to the
first words on the screen.
"""

import gzip
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from tools.lab import launch
from tools.notebooks import ROOT

SITE = ROOT / "build" / "site"
PAGE = "/lessons/01_two_offers_two_jobs.html"
BARE = "/bare.html"
ROUNDS = 15
AIM = 3.0
# A phone with a middling line: 1.6 Mbit/s, 150 ms there and back.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}


@contextmanager
def served(bare: dict[str, bytes]) -> Iterator[tuple[str, dict[str, tuple[int, int]]]]:
    """The site and some pages more, compressed as a host of pages does it.

    Yields its address, and the bytes of what was sent: by path, compressed and as they are.
    """
    sent: dict[str, tuple[int, int]] = {}

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            file = SITE / path.lstrip("/")
            if path not in bare and not file.is_file():
                return self.send_error(404)
            whole = bare[path] if path in bare else file.read_bytes()
            content = gzip.compress(whole)
            sent[path] = len(content), len(whole)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(path))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", sent
    finally:
        server.shutdown()
        server.server_close()


def opened(browser: Browser, address: str) -> tuple[float, str]:
    """Milliseconds to the first words on the screen, with nothing in the cache; and the words."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(address, wait_until="networkidle")
    painted = "performance.getEntriesByName('first-contentful-paint').length"
    page.wait_for_function(painted)
    milliseconds = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    words = page.locator("article, body").first.inner_text()
    context.close()
    return float(milliseconds), words


def main() -> int:
    """Print requests, bytes and seconds; the exit status is 1 if the aim is missed."""
    if not (SITE / PAGE.lstrip("/")).is_file():
        print("there is no build/site yet: make site", file=sys.stderr)
        return 1
    bare: dict[str, bytes] = {}
    with served(bare) as (address, sent), sync_playwright() as playwright:
        browser = launch(playwright)
        _, words = opened(browser, address + PAGE)
        first = dict(sent)
        text = "".join(f"<p>{escape(line)}</p>" for line in words.split("\n") if line)
        head = '<!DOCTYPE html><meta charset="utf-8"><meta name="viewport" content="width=390">'
        bare[BARE] = f"{head}<title>bare</title>{text}".encode()
        rounds = []
        for turn in range(ROUNDS):
            both = (PAGE, BARE) if turn % 2 else (BARE, PAGE)
            times = {each: opened(browser, address + each)[0] for each in both}
            rounds.append((times[PAGE], times[BARE]))
        browser.close()
    ours, theirs = (median(times) / 1000 for times in zip(*rounds, strict=True))
    ratio = median(page / plain for page, plain in rounds)
    for path, (packed, whole) in sorted(first.items(), key=lambda each: each[1], reverse=True):
        print(f"{packed:>8,} {whole:>9,}  {path}")
    packed, whole = (sum(sizes) for sizes in zip(*first.values(), strict=True))
    print(f"{packed:>8,} {whole:>9,}  bytes, compressed and not, in {len(first)} requests")
    print(f"words on the screen after {ours:.2f} s, of a bare page after {theirs:.2f} s")
    print(f"ratio {ratio:.2f} (median of {ROUNDS} rounds), aim at most {AIM}")
    return int(ratio > AIM)


if __name__ == "__main__":
    sys.exit(main())
