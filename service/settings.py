"""The settings, from the environment (`DISTRICTGRAPH_*`) or `districtgraph.toml` in the current folder."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """Every setting, with its default; docs/architecture.md has them as a table."""

    model_config = SettingsConfigDict(env_prefix="DISTRICTGRAPH_", toml_file="districtgraph.toml", extra="forbid")

    state: Path = Field(Path(".districtgraph"), description="folder of the releases")
    papers: Path | None = Field(None, description="folder of the papers' texts, one <paper>.txt each")
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8040, ge=0, le=65535, description="port to serve on")
    workers: int = Field(2, ge=1, le=64, description="queries that are evaluated at the same time")
    query_seconds: float = Field(30.0, gt=0, le=86_400, allow_inf_nan=False, description="deadline of a query")
    query_megabytes: int = Field(1024, ge=16, le=1_000_000, description="memory that a query may take")
    result_megabytes: int = Field(100, ge=1, le=1_000_000, description="longest answer")

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
