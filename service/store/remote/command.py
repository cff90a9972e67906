"""Publishes the current release of a state folder, with what was written since."""

from collections.abc import Callable

from loaders.progress import Tell
from loaders.releases import Releases
from service.errors import EngineError
from service.settings import Settings
from service.store.dataset import Sources
from service.store.loading import load
from service.store.remote.endpoint import Endpoint
from service.store.remote.names import published
from service.store.remote.publishing import publish
from service.store.remote.writing import Writer

_MOST_BYTES = 1_000_000_000
_SECONDS = 600.0


def publish_current(
    settings: Settings, writing: Callable[[Endpoint], Writer], agreed: Callable[[str], bool], progress: Tell
) -> None:
    """Publish to the engine of the settings; `agreed` is asked where that holds another release.

    `writing` gives what writes to it.

    Raises ReleaseError or EngineError.
    """
    assert settings.engine is not None
    release = None if settings.empty else Releases(settings.state).require_current()
    sources = Sources(
        release=None if release is None else release.folder,
        journal=settings.state / "journal",
        memory_bytes=settings.memory_megabytes * 1_000_000,
        union=True,
    )
    endpoint = Endpoint(settings.engine, _MOST_BYTES, _SECONDS)
    try:
        before = published(endpoint)
        name = "empty" if release is None else release.id
        if before is not None and before.release != name and not agreed(before.release):
            raise EngineError(f"the engine holds release {before.release}; nothing was changed")
        publish(load(sources)[0], name, frozenset(settings.closed_graphs), endpoint, writing(endpoint), progress)
    finally:
        endpoint.close()
