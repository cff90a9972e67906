"""The settings, from the environment (`DISTRICTGRAPH_*`) or `districtgraph.toml` in the current folder."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ontology.iris import BASE


class Settings(BaseSettings):
    """Every setting, with its default; docs/architecture.md has them as a table."""

    model_config = SettingsConfigDict(env_prefix="DISTRICTGRAPH_", toml_file="districtgraph.toml", extra="forbid")

    state: Path = Field(Path(".districtgraph"), description="folder of the releases")
    papers: Path | None = Field(None, description="folder of the papers' texts, one <paper>.txt each")
    passages: bool = Field(False, description="whether the passages of the texts in `papers` are shown to who may read")
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8040, ge=0, le=65535, description="port to serve on")
    empty: bool = Field(False, description="serve no release, only what is written")
    default_graph: Literal["union", "strict"] = Field(
        "union",
        description="what a SPARQL query without a dataset is about: the merge of all graphs, "
        "or the default graph alone (in twice the memory)",
    )
    engine: str | None = Field(
        None,
        pattern=r"^https?://[^\s<>\"@]+$",
        description="IRI of the SPARQL endpoint that holds what is served, by 'districtgraph publish'; "
        "none: this service does",
    )
    workers: int = Field(2, ge=1, le=64, description="long queries that are evaluated at the same time")
    query_seconds: float = Field(30.0, gt=0, le=86_400, allow_inf_nan=False, description="deadline of a query")
    most_query_seconds: float = Field(
        60.0, gt=0, le=86_400, allow_inf_nan=False, description="longest deadline that `timeout` may ask for"
    )
    query_megabytes: int = Field(1024, ge=16, le=1_000_000, description="memory that a query may take")
    result_megabytes: int = Field(100, ge=1, le=1_000_000, description="longest answer")
    upload_megabytes: int = Field(200, ge=1, le=100_000, description="longest body with triples")
    memory_megabytes: int = Field(
        1000, ge=0, le=1_000_000, description="up to which size of its N-Quads a release is held in memory"
    )
    cache_megabytes: int = Field(64, ge=0, le=100_000, description="answers that are kept to be sent again")
    client_seconds: float = Field(
        60.0, gt=0, le=86_400, allow_inf_nan=False, description="seconds of evaluation a client has in a minute"
    )
    reads: Literal["open", "closed"] = Field("open", description="whether reading needs a token")
    closed_graphs: list[str] = Field([], description="IRIs of graphs that only a token opens")
    services: list[str] = Field(
        [], description="IRIs that SERVICE and LOAD may reach; one that ends with / stands for all below it"
    )
    trusted_proxies: list[str] = Field([], description="addresses of proxies whose X-Forwarded-For is believed")
    base_iri: str = Field(
        BASE, pattern=r"^https?://[^\s<>\"]+/$", description="what relative IRIs and the graphs of the store begin with"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="what is logged: info has a line for each request"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
