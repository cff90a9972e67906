"""Reads XML with its lines, and refuses what is there only to do harm: bombs, files elsewhere, endless nesting."""

from typing import Any, NoReturn
from xml.parsers import expat

from ontology.syntaxes.structure import NotInSyntaxError

MAX_EXPANDED = 50_000_000
"""How many characters a file may have once its entities are replaced."""

_TOO_LONG = "its entities make it longer than any ontology"
_ERRORS = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]: "it ends too early",
    expat.errors.codes[expat.errors.XML_ERROR_AMPLIFICATION_LIMIT_BREACH]: _TOO_LONG,
}


class XmlReader:
    """Takes what an XML file says from first to last; a name is the namespace, a space and the local name.

    As it is it does nothing, which tells whether a file is XML and harmless.
    """

    max_nesting = 500

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._depth = 0
        self._expanded = 0

    def read(self, content: bytes) -> None:
        """Read a whole file. Raises NotInSyntaxError with the line."""
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            message = _ERRORS.get(error.code, expat.ErrorString(error.code))
            raise NotInSyntaxError(message, error.lineno) from error
        except (LookupError, ValueError) as error:  # an encoding that Python does not know
            self.fail(str(error))

    def fail(self, message: str) -> NoReturn:
        """Raise NotInSyntaxError with the line that is being read."""
        raise NotInSyntaxError(message, self._parser.CurrentLineNumber)

    @property
    def line(self) -> int:
        """The line that is being read."""
        return self._parser.CurrentLineNumber

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    def text(self, text: str) -> None:
        """Take text."""

    def end(self) -> None:
        """Take the end of the element that started last and has not ended."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self.max_nesting:
            self.fail(f"elements within each other deeper than {self.max_nesting}")
        self._grow(sum(map(len, attributes.values())))
        self.start(name, attributes)

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self.end()

    def _text(self, text: str) -> None:
        self._grow(len(text))
        self.text(text)

    def _grow(self, size: int) -> None:
        self._expanded += size
        if self._expanded > MAX_EXPANDED:
            self.fail(_TOO_LONG)

    def _entity(self, name: str, is_parameter: bool, value: str | None, *_rest: Any) -> None:
        if value is None or is_parameter:
            self.fail(f"the entity {name} is in another file, which is not read")
        if "&" in value:
            self.fail(f"the entity {name} is made of other entities, which is not read")

    def _doctype(self, _name: str, system: str | None, _public: str | None, _internal: bool) -> None:
        if system:
            self.fail(f"the document type is in another file, {system}, which is not read")
