"""Fills the tables of docs/performance.md from measurements: what `districtgraph bench … --format json` has printed.

    python docs/measured/fill.py load.json search.json http.json

Of each kind of measurement there may be several files; a table that no file is about stays as it is.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "performance.md"
OURS, PEER = "districtgraph", "oxigraph"
Documents = Sequence[dict[str, Any]]


def main(files: Sequence[str]) -> None:
    """Put the tables in their places."""
    documents = [json.loads(Path(file).read_text()) for file in files]
    text = PAGE.read_text()
    for name, table in (
        ("load", loading(of_kind(documents, "load"))),
        ("literature", taking_up(of_kind(documents, "literature"))),
        ("http", answering(of_kind(documents, "http"))),
        ("search", searching(of_kind(documents, "search"))),
        ("made", making(of_kind(documents, "search"))),
        ("reason", reasoning(of_kind(documents, "reason"))),
    ):
        if table:
            before, mark, rest = text.partition(f"<!-- table: {name} -->\n")
            text = before + mark + table + rest[rest.index("<!-- end -->") :]
    PAGE.write_text(text)


def of_kind(documents: Documents, kind: str) -> Documents:
    """Return the measurements of a kind."""
    return [document for document in documents if document["bench"] == kind]


def loading(documents: Documents) -> str:
    """Return how long it takes to load."""
    head = "triples", "way", "seconds", "triples/s", "times Oxigraph", "memory MB", "disk MB", "time x10", "disk x10"
    return markdown(
        head,
        (
            (
                whole(round(cell["triples"], -2)),
                cell["way"],
                f"{cell['seconds']:.1f}",
                whole(cell["triples_per_second"]),
                cell["times_oxigraph"] or "",
                whole(cell["peak_bytes"] / 1e6),
                whole(cell["disk_bytes"] / 1e6) if cell["disk_bytes"] > 1e5 else "",
                growth(cell, "seconds"),
                growth(cell, "disk_bytes"),
            )
            for document in documents
            for cell in document["cells"]
        ),
    )


def taking_up(documents: Documents) -> str:
    """Return how long it takes to load works, with their release."""
    head = "works", "triples", "seconds", "works/s", "memory MB", "disk MB", "time x10", "memory x10", "disk x10"
    return markdown(
        head,
        (
            (
                *(whole(cell[name]) for name in ("works", "triples", "seconds", "works_per_second")),
                *(whole(cell[name] / 1e6) for name in ("peak_bytes", "disk_bytes")),
                *(growth(cell, name) for name in ("seconds", "peak_bytes", "disk_bytes")),
            )
            for document in documents
            for cell in document["cells"]
        ),
    )


def answering(documents: Documents) -> str:
    """Return how many answers come in a second."""
    head = "triples", "query", "cache", "server", "answers/s", "times Oxigraph", "median ms", "p99 ms", "processor ms"
    rows = []
    sizes = [size for document in documents for size in document.get("sizes", [document])]
    for document in sorted(sizes, key=lambda size: int(size["triples"])):
        rates = {
            (cell["server"], cell["query"], cell["cache"]): cell["requests_per_second"] for cell in document["cells"]
        }
        for cell in document["cells"]:
            theirs = rates.get((PEER, cell["query"], cell["cache"]))
            times = f"{cell['requests_per_second'] / theirs:.2f}" if theirs else ""
            rate = cell["requests_per_second"]
            told = cell["query"], cell["cache"], cell["server"], whole(rate) if rate >= 10 else f"{rate:.2g}", times
            rows.append(
                (
                    whole(round(document["triples"], -2)),
                    *told,
                    *(significant(cell[f"{of}_ms"]) for of in ("p50", "p99", "processor")),
                )
            )
    return markdown(head, rows)


def searching(documents: Documents) -> str:
    """Return how long the search takes."""
    cells = [cell for document in documents for cell in document["cells"]]
    by = {(cell["kind"], cell["way"], cell["titles"]): cell for cell in cells}
    sizes = sorted({cell["titles"] for cell in cells})
    others = [way for way in dict.fromkeys(cell["way"] for cell in cells) if way != OURS]
    rows = []
    for kind in dict.fromkeys(cell["kind"] for cell in cells):
        largest = by[kind, OURS, sizes[-1]]
        ours = [f"{by[kind, OURS, size]['p50_ms']:g}" for size in sizes]
        theirs = [f"{by[kind, way, sizes[-1]]['p50_ms']:g}" for way in others]
        rows.append((kind, *ours, f"{largest['p95_ms']:g}", growth(largest, "p50_ms"), *theirs))
    most = whole(sizes[-1]) if sizes else ""
    titles = [f"{whole(size)} titles" for size in sizes]
    return markdown(("question, median ms", *titles, "p95", "x10", *(f"{way}, {most}" for way in others)), rows)


def making(documents: Documents) -> str:
    """Return how long it takes to make what is searched."""
    head = "titles", "index", "seconds to make", "memory MB", "disk MB", "time x10", "disk x10"
    return markdown(
        head,
        (
            (
                whole(cell["titles"]),
                cell["way"],
                f"{cell['seconds']:.1f}",
                whole(cell["peak_bytes"] / 1e6),
                whole(cell["disk_bytes"] / 1e6),
                growth(cell, "seconds"),
                growth(cell, "disk_bytes"),
            )
            for document in documents
            for cell in document["made"]
        ),
    )


def reasoning(documents: Documents) -> str:
    """Return how long it takes until all that follows is found."""
    head = "triples", "reasoner", "seconds", "times districtgraph", "follow", "memory MB", "time x10", "memory x10"
    return markdown(
        head,
        (
            (
                whole(cell["triples"]),
                cell["reasoner"],
                cell["why_not"] if cell["seconds"] is None else f"{cell['seconds']:.1f}",
                cell["times_districtgraph"],
                None if cell["follows"] is None else whole(cell["follows"]),
                None if cell["peak_bytes"] is None else whole(cell["peak_bytes"] / 1e6),
                growth(cell, "seconds"),
                growth(cell, "peak_bytes"),
            )
            for document in documents
            for cell in document["cells"]
        ),
    )


def growth(cell: dict[str, Any], figure: str) -> str:
    """Return a figure at ten times the size, where that is known."""
    grown = cell.get("growth", {})
    return f"x{grown[figure]:g}" if figure in grown else ""


def whole(number: float) -> str:
    """Return a number without what is behind its point."""
    return f"{number:,.0f}"


def significant(number: float | None) -> str:
    """Return a number with three digits that count."""
    return "" if number is None else f"{float(f'{number:.3g}'):g}"


def markdown(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Return a table, or nothing where there are no rows."""
    lines = ["| " + " | ".join("" if value is None else str(value) for value in row) + " |\n" for row in rows]
    return (
        "".join(["| " + " | ".join(map(str, head)) + " |\n", "|" + "---|" * len(head) + "\n", *lines]) if lines else ""
    )


if __name__ == "__main__":
    main(sys.argv[1:])
