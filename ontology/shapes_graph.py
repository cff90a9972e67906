"""The shapes files as one graph that knows the file and line of what it holds."""

from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from ontology.checks.text_file import TextFile
from ontology.errors import OntologyFileError
from ontology.iris import OWL, RDF, compress
from ontology.modules import Module, parse_module

FOLDER = "shapes"

Node = ox.NamedNode | ox.BlankNode | ox.Literal
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))


def read_shapes_files(directory: Traversable | None = None) -> Iterator[Module]:
    """Yield every shapes file of the ontology in `directory`, by default the packaged one.

    Raises OntologyFileError for the folder or a file that cannot be read, or is no Turtle.
    """
    folder = (directory or resources.files("ontology")) / FOLDER
    try:
        files = sorted((file for file in folder.iterdir() if file.name[0] not in "._"), key=lambda file: file.name)
        for file in files:
            name = f"ontology/{FOLDER}/{file.name}"
            if not file.name.endswith(".ttl"):
                raise OntologyFileError(f"{name}:1: only .ttl files are read here; rename or remove it")
            yield parse_module("", name, file.read_bytes())
    except OSError as error:
        raise OntologyFileError(f"ontology/{FOLDER}:1: cannot be read ({error.strerror})") from error


class ShapesGraph:
    """The triples of all shapes files; whatever is asked of a node marks it as used."""

    def __init__(self, files: list[Module]) -> None:
        self._triples: dict[Node, dict[str, list[Node]]] = {}
        self._origin: dict[Node, Module] = {}
        self._used: set[Node] = set()
        for file in files:
            for triple in file.triples:
                if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
                    raise OntologyFileError(f"{file.name}:1: triples about triples are not known in a shape")
                properties = self._triples.setdefault(triple.subject, defaultdict(list))
                properties[triple.predicate.value].append(triple.object)
                self._origin.setdefault(triple.subject, file)
        self._texts = {file.name: TextFile(file.name, file.content) for file in files}
        self._owners = self._named_owners()

    def subjects(self) -> list[Node]:
        """Return every node that the files say something of, in their order."""
        return list(self._triples)

    def says(self, node: Node, property_: str) -> bool:
        """Tell whether the files say `property_` of `node`, which does not mark it as used."""
        return property_ in self._triples.get(node, {})

    def properties(self, node: Node) -> dict[str, list[Node]]:
        """Return what the files say of `node`, by the IRI of the property."""
        self._used.add(node)
        return self._triples.get(node, {})

    def values(self, node: Node, property_: str) -> list[Node]:
        """Return the values of a property of `node`."""
        return self.properties(node).get(property_, [])

    def value(self, node: Node, property_: str) -> Node | None:
        """Return the only value of a property of `node`, or None. Raises OntologyFileError where it has several."""
        values = self.values(node, property_)
        if len(values) > 1:
            raise self.fault(node, property_, f"{compress(property_)} may stand once in a shape; write a second shape")
        return values[0] if values else None

    def items(self, node: Node, list_: Node) -> list[Node]:
        """Return the items of the RDF list `list_`, a value of `node`. Raises OntologyFileError where it is none."""
        found: list[Node] = []
        while list_ != _NIL:
            firsts, rests = self.values(list_, _FIRST.value), self.values(list_, _REST.value)
            if len(firsts) != 1 or len(rests) != 1 or len(found) > len(self._triples):
                raise self.fault(node, None, "a list in parentheses, ( … ), must stand here")
            found += firsts
            list_ = rests[0]
        return found

    def unused(self) -> Node | None:
        """Return a node that nothing asked for and that is no header of a file, or None."""
        header = ox.NamedNode(OWL + "Ontology")
        unused = (node for node in self._triples if node not in self._used)
        return next((node for node in unused if header not in self.values(node, RDF + "type")), None)

    def name(self, node: Node) -> str:
        """Return the prefixed name of the named node that `node` is or stands within."""
        return compress(getattr(self._owners.get(node, node), "value", ""))

    def place(self, node: Node, term: str | None = None) -> tuple[str, int]:
        """Return file and line of `node`, or of the first `term` from there on."""
        file = self._origin.get(node)
        if file is None:
            return f"ontology/{FOLDER}", 1
        owner = getattr(self._owners.get(node), "value", "")
        return file.name, self._texts[file.name].line_of(owner, term or "")

    def fault(self, node: Node, term: str | None, message: str) -> OntologyFileError:
        """Return the error that `message` is said of `node`, at the line of `term` in it."""
        file, line = self.place(node, term)
        return OntologyFileError(f"{file}:{line}: {self.name(node)}: {message}")

    def _named_owners(self) -> dict[Node, Node]:
        """Return for each node the named one that it stands within, or is."""
        owners: dict[Node, Node] = {}
        waiting: list[tuple[Node, Node]] = [(n, n) for n in self._triples if isinstance(n, ox.NamedNode)]
        while waiting:
            node, owner = waiting.pop()
            owners[node] = owner
            for objects in self._triples.get(node, {}).values():
                waiting += [(o, owner) for o in objects if isinstance(o, ox.BlankNode) and o not in owners]
        return owners
