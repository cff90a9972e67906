"""Puts what the pages take from npm into the package: `python -m service.parts.install`.

Nothing else is needed than node with npm, and nothing of a package runs. Where there is no node the pages do without:
what they say is there, and what they draw or suggest is not.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parent
FOLDER = _HERE.parent / "static/parts"
"""Where the files are served from, at /static/parts."""
SERVED: Mapping[str, str] = {
    "chart.js": "chart.js/dist/chart.umd.min.js",
    "combobox-nav.js": "@github/combobox-nav/dist/index.js",
    "cytoscape.js": "cytoscape/dist/cytoscape.esm.min.mjs",
    "layout-base.js": "layout-base/layout-base.js",
    "cose-base.js": "cose-base/cose-base.js",
    "cytoscape-fcose.js": "cytoscape-fcose/cytoscape-fcose.js",
    "yasqe.js": "@zazuko/yasqe/build/yasqe.esm.js",
    "yasqe.css": "@zazuko/yasqe/build/yasqe.min.css",
}
"""What the files are called, and which file of which package each is."""
LICENCES = "licences.txt"
"""The file beside them with the licence of each package, those that others are made of too."""
_COMMAND = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_SECONDS = 300


class PartsError(Exception):
    """The parts cannot be had; the message says why, and what to do."""


def install(folder: Path = FOLDER) -> None:
    """Fetch what the lock file names, and put what is served of it into `folder`, all of it or nothing.

    Raises PartsError.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise PartsError(
            "npm is not installed: install Node.js (Debian: apt-get install nodejs npm), and run make again"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".parts-") as made:
        work = Path(made)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, work)
        _run([npm, *_COMMAND], work)
        fresh = work / "fresh"
        fresh.mkdir()
        for name, source in SERVED.items():
            file = work / "node_modules" / source
            if not file.is_file():
                raise PartsError(f"{_package(source)} lacks {source}: the version in package.json is another")
            shutil.copy(file, fresh / name)
        (fresh / LICENCES).write_text(_licences(work), encoding="utf-8")
        if folder.exists():
            folder.rename(work / "former")
        fresh.rename(folder)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise PartsError(f"npm took more than {_SECONDS} s: try again, or look at the network") from None
    if done.returncode:
        raise PartsError(f"npm failed: {done.stderr.strip()[-500:]}")


def _package(source: str) -> str:
    """Return the name of the package that a file is of: @github/combobox-nav, cytoscape."""
    return "/".join(source.split("/")[: 2 if source.startswith("@") else 1])


def _licences(work: Path) -> str:
    """Return the licences of all that is installed, since a package may hold what it is made of in one file.

    Raises PartsError where a package tells none.
    """
    told = []
    for place in sorted(json.loads((work / "package-lock.json").read_text(encoding="utf-8"))["packages"]):
        if not place or not (work / place).is_dir():
            continue
        package = json.loads((work / place / "package.json").read_text(encoding="utf-8"))
        files = [file for file in sorted((work / place).iterdir()) if file.stem.upper() in ("LICENSE", "LICENCE")]
        if not files and "license" not in package:
            raise PartsError(f"{package['name']} comes without a licence")
        head = f"{package['name']} {package['version']}, {package.get('license', 'see below')}"
        text = files[0].read_text(encoding="utf-8").strip() if files else "The package has no text of its licence."
        told.append(f"{head}\n\n{text}\n")
    return f"\n{'=' * 80}\n\n".join(told)


def main() -> None:
    """Install the parts, or say why not; the pages do without them."""
    try:
        install()
    except PartsError as error:
        print(f"the pages suggest and draw nothing: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
