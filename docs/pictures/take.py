"""Takes the pictures of the pages in this folder, each at three widths: python docs/pictures/take.py [ADDRESS]."""

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
WIDTHS, HEIGHT, SCALE = (1440, 820, 360), 900, 0.5
# The pages by the names of their pictures, with the button that is pressed before the picture is taken.
PAGES = {
    "home": ("/", None),
    "thing": ("/page/aiju", "Draw it as a graph"),
    "question": ("/api/queries/brokerage?actor=aiju#graph", None),
    "figures": ("/api/queries/figures-over-time?thing=castellon#chart", None),
    "why": ("/api/explain?subject=aiju&property=brokers&object=drones", None),
    "comparison": ("/api/compare?items=castellon,toy-valley", None),
    "network": ("/api/networks/castellon", None),
    "ontology": ("/ontology", None),
    "term": ("/ontology/term/CollectiveActor", None),
    "search": ("/api/search?q=living+lab", None),
    "editor": (
        "/sparql?query=PREFIX+dg%3A+%3Chttps%3A%2F%2Fw3id.org%2Fdistrictgraph%2Fontology%23%3E%0A%0ASELECT+%3Factor+"
        "%3Ftechnology+WHERE+%7B%0A++%3Factor+a+dg%3ACollectiveActor+%3B+dg%3Abrokers+%3Ftechnology%0A%7D#graph",
        None,
    ),
}


def take(browser: Browser, address: str) -> None:
    """Write a picture of each page: wide, medium and narrow beside each other, every fourth in the dark."""
    for number, (name, (path, button)) in enumerate(PAGES.items()):
        scheme = "dark" if number % 4 == 3 else "light"
        shots = []
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            if button:
                page.get_by_role("button", name=button).click()
            page.wait_for_timeout(1500)
            shots.append(base64.b64encode(page.screenshot()).decode())
            page.close()
        beside_each_other(browser.new_page(), shots, FOLDER / f"{name}.jpg")


def beside_each_other(page: Page, shots: list[str], file: Path) -> None:
    """Write one picture of several, which are as high as each other."""
    images = "".join(f'<img height="{HEIGHT * SCALE}" src="data:image/png;base64,{shot}">' for shot in shots)
    page.set_content(f'<body style="margin:0"><div style="display:inline-flex;gap:12px;background:#888">{images}</div>')
    page.locator("div").screenshot(path=file, type="jpeg", quality=72)
    page.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(chromium, sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8040")
