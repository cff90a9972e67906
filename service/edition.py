"""The ontology of the served release in every form that it is served in, each made once for a release."""

import asyncio
import zlib
from collections import deque
from collections.abc import Callable
from zipfile import BadZipFile

import pyoxigraph as ox

from loaders.errors import ReleaseError
from loaders.reasoning.domain_rules import DomainRule, domain_rules
from loaders.release import Release
from ontology.alignments import read_alignments
from ontology.archive import unpack
from ontology.diagram import diagram
from ontology.documentation import Documentation, document
from ontology.entries import labels_of
from ontology.errors import OntologyError
from ontology.graphs import as_graph, canonical, turtle
from ontology.iris import BASE, OWL, PREFIXES
from ontology.modules import Module, read_modules
from ontology.nearest import did_you_mean
from ontology.picture import draw
from ontology.vocabulary import vocabulary_of
from service.errors import EngineBusyError, UnknownOntologyError, UnknownRuleError
from service.explanation.reasoning import Reasoning, reasoning_of
from service.reader import Reader
from service.terms.pages import ontology_page
from service.terms.usage import Usage, usage
from service.terms.view import ONTOLOGY, View
from service.things.model import model_of

_PRIOR = ox.NamedNode(f"{OWL}priorVersion")
HTML, SVG, TURTLE = "text/html", "image/svg+xml", "text/turtle"


class Edition:
    """The ontology as the release carries it: `model` is what REST makes of it, `rules` has those of the domain.

    Raises ReleaseError where its files are missing or damaged.
    """

    def __init__(self, release: Release) -> None:
        self.release = release.id
        self._forms: dict[tuple[str, str], bytes] = {}
        self._making = asyncio.Lock()
        try:
            folder = unpack(release.ontology.read_bytes())
            self._modules = list(read_modules(folder))
            self._alignments = list(read_alignments(folder))
            self.rules = {rule.name: rule for rule in domain_rules(folder)}
        except (OSError, BadZipFile, zlib.error, OntologyError) as error:
            raise _lacking(release) from error
        self._files = {module.iri: module for module in (*self._modules, *self._alignments)}
        self._graph = as_graph(triple for module in self._modules for triple in module.triples)
        self.model = model_of(vocabulary_of(self._graph), labels_of(self._graph))
        self._reasoning: Reasoning | None = None
        self._documented: Documentation | None = None
        self._usage: Usage | None = None
        self._views: dict[str, View] = {}
        priors = (t.object for file in self._files.values() for t in file.triples if t.predicate == _PRIOR)
        self._former = frozenset(former.value for former in priors if isinstance(former, ox.NamedNode))
        self._iris = {iri: iri for iri in self._files}
        self._iris |= {version: iri for iri, module in self._files.items() for version in _versions(module)}

    def resolve(self, path: str) -> str:
        """Return the IRI of the module or alignment that is at `path`, below the base IRI, also by its version.

        Raises UnknownOntologyError, which names the version or the modules that there are.
        """
        iri = BASE + path
        if iri in self._iris:
            return self._iris[iri]
        above, _, last = iri.rpartition("/")
        current = [version for version, module in self._iris.items() if module == above and version != module]
        if current and last[:1].isdigit():
            raise UnknownOntologyError(f"{above} is served in its current version only, which is {current[0]}")
        names = [module.removeprefix(BASE) for module in self._files]
        raise UnknownOntologyError(f"no module {path!r}{did_you_mean(path, names)} (there are {', '.join(names)})")

    def rule(self, name: str) -> DomainRule:
        """Return a rule of the domain. Raises UnknownRuleError, which names the nearest."""
        if name not in self.rules:
            raise UnknownRuleError(f"no rule {name[:100]!r}{did_you_mean(name[:100], self.rules)}; see /api/rules")
        return self.rules[name]

    def is_former(self, path: str) -> bool:
        """Tell whether at `path`, below the base IRI, there was a version that a module names as its former one."""
        return BASE + path in self._former

    async def form(self, iri: str, media_type: str) -> bytes:
        """Return the module or alignment `iri` as `media_type` of RDF; the root stands for all modules together."""
        return await self._made((iri, media_type), lambda: self._serialized(iri, media_type))

    async def picture(self) -> bytes:
        """Return the picture of the main classes and properties, as SVG."""
        return await self._made((ONTOLOGY, SVG), lambda: draw(diagram(self._documentation()), "../ontology"))

    async def page(self, view: View) -> bytes:
        """Return the page of the whole as a view shows it."""
        page = (ONTOLOGY, f"{HTML};{view.language}")
        return await self._made(page, lambda: ontology_page(view, diagram(view.documentation), self.release))

    async def view(self, reader: Reader, language: str) -> View:
        """Return what the pages show of the ontology in a language, with what `reader` finds of it in the release.

        That is counted once: every reader has to see the same. Raises ReleaseError or EngineError.
        """
        async with self._making:
            if self._usage is None:
                counts, _ = await asyncio.gather(usage(reader), asyncio.to_thread(self._documentation))
                if (await reader.release()).id != self.release:
                    raise EngineBusyError("a new release was taken up just now; ask again")
                self._usage = counts
            if language not in self._views:
                self._views[language] = await asyncio.to_thread(self._view, self._usage, language)
            return self._views[language]

    async def reasoning(self) -> Reasoning:
        """Return the rules that the ontology compiles to, and its words for them."""
        async with self._making:
            if self._reasoning is None:
                triples = [triple for module in self._modules for triple in module.triples]
                self._reasoning = await asyncio.to_thread(reasoning_of, triples, self._graph, [*self.rules.values()])
            return self._reasoning

    async def _made(self, form: tuple[str, str], make: Callable[[], bytes]) -> bytes:
        async with self._making:
            if form not in self._forms:
                self._forms[form] = await asyncio.to_thread(make)
            return self._forms[form]

    def _view(self, counts: Usage, language: str) -> View:
        rules = list(self.rules.values())
        return View(self._documentation(), counts, rules, self.model.collections, language)

    def _documentation(self) -> Documentation:
        if self._documented is None:
            self._documented = document(self._modules, self._alignments)
        return self._documented

    def _serialized(self, iri: str, media_type: str) -> bytes:
        """Return triples: of a file alone the file itself, where it is Turtle, as is asked for."""
        file = self._files[iri]
        if iri != ONTOLOGY and media_type == TURTLE and _is_turtle(file.content):
            return file.content
        modules = self._modules if iri == ONTOLOGY else [file]
        triples = [triple for module in modules for triple in module.triples]
        if media_type == TURTLE:
            return turtle(triples)
        content = ox.serialize(canonical(triples), format=ox.RdfFormat.from_media_type(media_type), prefixes=PREFIXES)
        assert content is not None
        return content


class Editions:
    """The edition that the current release carries, read anew where that has changed."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._reading = asyncio.Lock()
        self._current: tuple[object, Edition] | None = None

    async def current(self) -> Edition:
        """Return the edition of the current release. Raises ReleaseError."""
        release = await self._reader.release()
        try:
            stat = release.ontology.stat()
        except OSError as error:
            raise _lacking(release) from error
        state = (release.id, stat.st_ino, stat.st_mtime_ns)
        async with self._reading:
            if self._current is None or self._current[0] != state:
                self._current = (state, await asyncio.to_thread(Edition, release))
            return self._current[1]


def _lacking(release: Release) -> ReleaseError:
    return ReleaseError(f"release {release.id} lacks the files of the ontology; build again")


def _is_turtle(content: bytes) -> bool:
    """Tell whether a file is Turtle, rather than another syntax that an editor saved it in."""
    try:
        deque(ox.parse(content, format=ox.RdfFormat.TURTLE), maxlen=0)
    except SyntaxError:
        return False
    return True


def _versions(module: Module) -> list[str]:
    """Return the version IRI of a module, if it has one."""
    return [
        triple.object.value
        for triple in module.triples
        if triple.predicate.value == f"{OWL}versionIRI" and isinstance(triple.object, ox.NamedNode)
        if triple.subject == ox.NamedNode(module.iri)
    ]
