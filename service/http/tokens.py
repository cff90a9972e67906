"""Bearer tokens, of which the state folder keeps salted digests, each with a role."""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from service.errors import TokenFileError


class Role(StrEnum):
    """What a token allows: a reader reads, a curator writes too, an admin is held to no rate either."""

    READER = "reader"
    CURATOR = "curator"
    ADMIN = "admin"


@dataclass(frozen=True)
class Token:
    """A token as it is kept: its holder's name, its role, the graphs that it is for (none: all), a salted digest."""

    name: str
    role: Role
    graphs: frozenset[str]
    salt: str
    digest: str

    def fits(self, secret: str) -> bool:
        """Tell whether `secret` is this token."""
        return hmac.compare_digest(_digest(self.salt, secret), self.digest)


class Tokens:
    """The tokens in a state folder."""

    def __init__(self, state: Path) -> None:
        self._path = state / "tokens.json"
        self._known: tuple[int, tuple[Token, ...]] = (0, ())

    def create(self, name: str, role: Role, graphs: frozenset[str] = frozenset()) -> str:
        """Keep a new token and return it; nobody can read it again later. Raises TokenFileError."""
        secret, salt = f"dg_{secrets.token_urlsafe(32)}", secrets.token_hex(16)
        with self._alone():
            self._keep((*self.all(), Token(name, role, graphs, salt, _digest(salt, secret))))
        return secret

    def remove(self, name: str) -> int:
        """Forget the tokens of a holder, and return how many there were. Raises TokenFileError."""
        with self._alone():
            before = self.all()
            after = tuple(token for token in before if token.name != name)
            if len(after) < len(before):
                self._keep(after)
        return len(before) - len(after)

    def named_by(self, secret: str) -> Token | None:
        """Return the token that `secret` is, or None. Raises TokenFileError."""
        return next((token for token in self.all() if token.fits(secret)), None)

    def all(self) -> tuple[Token, ...]:
        """Return every token. Raises TokenFileError."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._known[0]:
                kept = json.loads(self._path.read_text("utf-8"))
                self._known = changed, tuple(_token(item) for item in kept)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{self._path} is damaged ({error}); restore it, or remove it and make new tokens"
            raise TokenFileError(message) from error
        return self._known[1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process after another change the tokens. Raises TokenFileError."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = self._path.with_name("tokens.lock").open("w")
        except OSError as error:
            raise TokenFileError(f"{self._path} cannot be written ({error.strerror})") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _keep(self, tokens: tuple[Token, ...]) -> None:
        beside = self._path.with_name(".tokens-new")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump([asdict(token) | {"graphs": sorted(token.graphs)} for token in tokens], file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise TokenFileError(f"{self._path} cannot be written ({error.strerror})") from error


def _token(item: dict[str, str]) -> Token:
    return Token(item["name"], Role(item["role"]), frozenset(item["graphs"]), item["salt"], item["digest"])


def _digest(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}{secret}".encode()).hexdigest()
