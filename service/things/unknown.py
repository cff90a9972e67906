"""Names the things whose ids or names are near to one that is not there."""

from ontology.iris import THING
from ontology.nearest import did_you_mean
from service.errors import EngineError, UnknownThingError
from service.reader import Reader
from service.store.selection import Selects
from service.things.description import LABEL, TYPE

MOST_NAMES = 20_000
"""Among how many names the near ones are looked for."""


async def near_things(reader: Reader, name: str, class_: str | None) -> UnknownThingError:
    """Return the error for a thing that is not there; it names the near ones, of a class where one is given."""
    of_class = f"?thing <{TYPE}> <{class_}> ." if class_ else ""
    query = (
        f"SELECT ?thing ?label WHERE {{ {of_class} ?thing <{LABEL}> ?label FILTER(isIRI(?thing)) }} LIMIT {MOST_NAMES}"
    )
    try:
        (rows,) = (await reader.answer(Selects((query,)))).content
    except EngineError:  # that there is none is known all the same
        rows = []
    ids = {str(thing).removeprefix(THING) for thing, _ in rows}
    labels = {label[0] for _, label in rows if isinstance(label, tuple)}
    near = did_you_mean(name, ids) or did_you_mean(name, labels)
    return UnknownThingError(f"there is no thing {name[:100]!r}{near}")
