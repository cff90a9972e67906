"""Does two jobs on one state of the dataset."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from service.store.dataset import Dataset

A = TypeVar("A", covariant=True)
B = TypeVar("B", covariant=True)


class _Job(Protocol[A]):
    def run(self, dataset: Dataset, max_bytes: int) -> A: ...


@dataclass(frozen=True)
class Both(Generic[A, B]):
    """Two jobs, of which each has the limit of an answer."""

    one: _Job[A]
    other: _Job[B]

    def run(self, dataset: Dataset, max_bytes: int) -> tuple[A, B]:
        """Return the results of both. Raises what they raise."""
        return self.one.run(dataset, max_bytes), self.other.run(dataset, max_bytes)
