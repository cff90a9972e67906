"""A dataset whose default graph is one of its own, beside the merge of all graphs that REST is about."""

from typing import Any

import pyoxigraph as ox

from service.store.dataset import Dataset, View
from service.store.patch import Patch


class Strict(Dataset):
    """Two datasets of the same quads: one with a default graph of its own, and `everything`, with the merge of all."""

    def __init__(self, own: Dataset, everything: Dataset) -> None:
        super().__init__(union=False)
        self._own_default, self._everything = own, everything
        self.is_writable, self.written, self.owned = own.is_writable, own.written, own.owned

    @property
    def everything(self) -> Dataset:
        """The dataset whose default graph is the merge of all graphs."""
        return self._everything

    def open(self) -> ox.Store:
        """Return the store with a default graph of its own; the other is open from then on, too."""
        self._everything.open()
        return self._own_default.open()

    def default_graph(self) -> tuple[ox.Store, dict[str, Any]]:
        """Return the store of the default graph alone."""
        return self._own_default.default_graph()

    def open_files(self) -> int:
        """Return how many files the open stores may still have to open."""
        return max(self._own_default.open_files(), self._everything.open_files())

    def apply(self, patch: Patch) -> None:
        """Take up what was written, in both."""
        self._own_default.apply(patch)
        self._everything.apply(patch)
        self.written += 1

    def without(self, view: View) -> "Strict":
        """Return both without what `view` hides."""
        return Strict(self._own_default.without(view), self._everything.without(view))

    def close(self) -> None:
        """Remove what stands on the disk for either."""
        self._own_default.close()
        self._everything.close()
