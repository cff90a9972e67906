"""Reads a mapping: a folder that says what a source is (mapping.yaml) and how its things are made (.rq files).

    #+ summary: Bodies that issue standards
    #+ things: ?body a sto:StandardOrganization
    PREFIX sto: <https://w3id.org/i40/sto#>
    CONSTRUCT { … } WHERE { VALUES ?body { UNDEF } … }

`things` is a pattern that finds all things that the CONSTRUCT is asked of; some at a time take the place of UNDEF. What
is made of each is to name it, as dcterms:source does, unless the header says of which that is not so (`leaves-out`).
"""

import re
from collections.abc import Mapping as Fields
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from loaders.corpus import is_id
from loaders.errors import Fault, LoadError
from loaders.mapped.constructing import blanked, faults_of_text, template_of
from ontology.iris import prologue
from ontology.nearest import did_you_mean
from queries.errors import QueryFileError
from queries.header import split

ABOUT = "mapping.yaml"
NEEDED, OPTIONAL = ("name", "title", "source"), ("licence", "rights", "endpoint", "page", "pause", "most")
_SLOT = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{\s*UNDEF\s*\}")
_PREFIX = re.compile(r"\bPREFIX\s+[\w.-]*:\s*<[^>\s]*>", re.IGNORECASE)
_LARGEST = 200_000


@dataclass(frozen=True)
class Step:
    """One kind of thing: the file and line of its CONSTRUCT, the variable and pattern that find the things, its text.

    `leaves_out` tells whether nothing may be made of some, `prefixes` declares the prefixes, `template` and `where` are
    the two parts of the text.
    """

    file: str
    line: int
    variable: str
    things: str
    leaves_out: bool
    prefixes: str
    template: str
    where: str

    def all_things(self, condition: str = "", end: str = "") -> str:
        """Return the query for the things, with a further condition on them and what stands behind the pattern."""
        name = self.variable
        pattern = f"{{ {self.things} FILTER(isIRI(?{name})) {condition} }}"
        return f"{self.prefixes}SELECT DISTINCT ?{name} WHERE {pattern} {end}"

    def construct(self, things: Sequence[str]) -> str:
        """Return the CONSTRUCT for some things."""
        return f"{self.prefixes}CONSTRUCT {self.template} WHERE {self.bound(things)}"

    def bound(self, things: Sequence[str]) -> str:
        """Return the pattern of the CONSTRUCT, bound to some things."""
        values = " ".join(str(ox.NamedNode(thing)) for thing in things)
        return _SLOT.sub(lambda _: f"VALUES ?{self.variable} {{ {values} }}", self.where)


@dataclass(frozen=True)
class Mapping:
    """What a source is called, where it is from and under which terms, and the steps by which it is read.

    `page` things are asked for at once, after `pause` seconds; more than `most` of a step are refused.
    """

    name: str
    title: str
    source: str
    licence: str | None
    rights: str | None
    endpoint: str | None
    page: int
    pause: float
    most: int
    files: Sequence[Path]
    steps: Sequence[Step]


def read_mapping(given: str) -> Mapping:
    """Return the mapping of a folder, or the packaged one of that name.

    Raises LoadError, which lists all that is wrong with it, each with its line.
    """
    folder = _folder(given)
    about_file = folder / ABOUT
    fields = _fields(about_file)
    queries = sorted(path for path in folder.glob("*.rq") if not path.name.startswith("."))
    if not queries:
        raise _fault(about_file, 1, "there is no .rq file beside it that says how its things are made")
    steps: list[Step] = []
    faults: list[Fault] = []
    for path in queries:
        try:
            step = _step(path)
        except QueryFileError as error:
            line = re.match(rf"{re.escape(str(path))}:(\d+): (.*)", str(error), re.DOTALL)
            faults.append(Fault(str(path), int(line[1]), line[2]) if line else Fault(str(path), 1, str(error)))
            continue
        faults += faults_of_text(step.file, path.read_text("utf-8"), fields["name"])
        steps.append(step)
    if faults:
        raise LoadError(faults)
    return Mapping(
        fields["name"],
        fields["title"],
        _iri(about_file, "source", fields["source"]),
        _iri(about_file, "licence", fields["licence"]) if "licence" in fields else None,
        fields.get("rights"),
        _iri(about_file, "endpoint", fields["endpoint"]) if "endpoint" in fields else None,
        int(_number(about_file, fields, "page", 500, 1, 5_000)),
        _number(about_file, fields, "pause", 1, 0, 60),
        int(_number(about_file, fields, "most", 1_000_000, 1, 5_000_000)),
        [about_file, *queries],
        steps,
    )


def _folder(given: str) -> Path:
    packaged = resources.files("loaders") / "mappings"
    names = sorted(child.name for child in packaged.iterdir() if child.is_dir())
    folder: Traversable = packaged / given if given in names else Path(given)
    if not (isinstance(folder, Path) and (folder / ABOUT).is_file()):
        message = f"is no folder with {ABOUT} in it, and no mapping here has that name"
        raise LoadError([Fault(given, 1, f"{message}{did_you_mean(given, names)}; there are: {', '.join(names)}")])
    return folder


def _fields(path: Path) -> Fields[str, str]:
    try:
        fields: Any = yaml.load(_text(path), yaml.CBaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        raise _fault(path, mark.line + 1 if mark else 1, f"is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(fields, dict) or any(not isinstance(value, str) or not value for value in fields.values()):
        raise _fault(path, 1, f"is to have a line 'key: text' for each of: {', '.join(NEEDED)}")
    for key in fields:
        if key not in (*NEEDED, *OPTIONAL):
            raise _fault(path, 1, f"no key {key!r} in a mapping{did_you_mean(str(key), (*NEEDED, *OPTIONAL))}")
    for key in NEEDED:
        if key not in fields:
            raise _fault(path, 1, f"lacks '{key}: …'")
    if not is_id(fields["name"]):
        raise _fault(path, 1, f"the name {fields['name'][:100]!r} is to be lower-case letters, digits and hyphens")
    if "licence" not in fields and "rights" not in fields:
        raise _fault(path, 1, "lacks 'licence: IRI', or 'rights: …' where that is not clear")
    return fields


def _step(path: Path) -> Step:
    content = _text(path)
    fields, text, line = split(str(path), content, ("summary", "things", "leaves-out"))
    slots = [slot["name"] for slot in _SLOT.finditer(text)]
    if len(slots) != 1:
        raise QueryFileError(f"{path}:{line}: needs 'VALUES ?thing {{ UNDEF }}' once, where things are bound")
    things = fields.get("things")
    if not isinstance(things, str) or not re.search(rf"\?{slots[0]}\b", things):
        raise QueryFileError(f"{path}:1: the header needs '#+ things: …', a pattern that finds each ?{slots[0]}")
    if re.search(r"\bSERVICE\b", blanked(text + things), re.IGNORECASE):
        raise QueryFileError(f"{path}:{line}: SERVICE asks another server; a mapping reads what it is given")
    parts = template_of(text)
    if parts is None:
        raise QueryFileError(f"{path}:{line}: is to be 'CONSTRUCT {{ … }} WHERE {{ … }}', with nothing behind")
    declared = " ".join(_PREFIX.findall(text))
    prefixes = f"{prologue(declared + text + things)}{declared} ".replace("\n", " ")
    step = Step(str(path), line, slots[0], things, "leaves-out" in fields, prefixes, *parts)
    _try(step, text, prefixes.removesuffix(f"{declared} "))
    return step


def _try(step: Step, text: str, before: str) -> None:
    """Raise QueryFileError where either query of a step is no SPARQL."""
    try:
        ox.Store().query(before + text)
    except SyntaxError as error:
        place = re.match(r"error at (\d+):\d+: ", str(error))
        line = step.line + int(place[1]) - 1 if place else step.line
        message = " ".join(str(error)[place.end() if place else 0 :].split())[:300]
        raise QueryFileError(f"{step.file}:{line}: is no SPARQL: {message}") from error
    try:
        ox.Store().query(step.all_things())
    except SyntaxError as error:
        message = " ".join(str(error).split())[:300]
        raise QueryFileError(f"{step.file}:1: 'things' is no pattern of SPARQL: {message}") from error


def _number(path: Path, fields: Fields[str, str], key: str, default: float, least: float, most: float) -> float:
    given = fields.get(key, str(default))
    if not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", given) or not least <= float(given) <= most:
        raise _fault(path, 1, f"'{key}' is to be a number from {least:g} to {most:g}, not {given[:100]!r}")
    return float(given)


def _iri(path: Path, key: str, given: str) -> str:
    try:
        return ox.NamedNode(given).value
    except ValueError as error:
        raise _fault(path, 1, f"'{key}' is to be an IRI, not {given[:100]!r}") from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise _fault(path, 1, f"is larger than {_LARGEST} bytes")
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise _fault(path, 1, "is not UTF-8; save it so") from error
    except OSError as error:
        raise _fault(path, 1, f"cannot be read ({error.strerror})") from error


def _fault(path: Path, line: int, message: str) -> LoadError:
    return LoadError([Fault(str(path), line, message)])
