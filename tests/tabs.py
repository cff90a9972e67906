"""Tabs of a real browser for tests, which Playwright drives, and which watch what a page asks for and complains of."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Service
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PARTS = Path(__file__).parent.parent / "service/static/parts"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, which Playwright drives."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed (Debian: chromium)")
    if not PARTS.exists():
        pytest.skip("the pages have no parts from npm: make service/static/parts")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A tab on the home page, which may ask the service alone, and has nothing to complain of."""
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    page.set_default_timeout(20_000)
    elsewhere: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(service.url) else elsewhere.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert (elsewhere, complaints) == ([], [])


def _is_complaint(message: ConsoleMessage) -> bool:
    """Tell whether a page complains; what was refused it tells its reader."""
    return message.type == "error" and "status of 4" not in message.text
