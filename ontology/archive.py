"""Packs the ontology's files into one, as a release keeps them: catalog, modules, alignments and rules."""

import io
import zipfile
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from ontology import rule_files
from ontology.alignments import FOLDER, alignment_files
from ontology.modules import CATALOG, module_files, ontology_files

# The earliest that the format can hold: equal files make equal bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


def pack(directory: Traversable | None = None) -> bytes:
    """Return a ZIP file of the ontology in `directory`, by default the packaged one; equal files, equal bytes.

    Files that the catalog does not name are in it too, for a check to find. Unpacked by hand, its catalog opens in
    Protégé. Raises OntologyFileError where the catalog is broken.
    """
    directory = directory or resources.files("ontology")
    files = {file.name: file for file in (*module_files(directory).values(), *ontology_files(directory))}
    files |= {f"{FOLDER}/{file.name}": file for file in alignment_files(directory).values()}
    files |= {f"{rule_files.FOLDER}/{file.name}": file for file in rule_files.rule_paths(directory)}
    files |= {CATALOG: directory / CATALOG, f"{FOLDER}/{CATALOG}": directory / FOLDER / CATALOG}
    return zipped({name: file.read_bytes() for name, file in files.items()})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP file of `files` by name; equal files, equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()


def unpack(content: bytes) -> Traversable:
    """Return the folder in the ZIP file `content`, to be read as the packaged one. Raises zipfile.BadZipFile."""
    return zipfile.Path(zipfile.ZipFile(io.BytesIO(content)))
