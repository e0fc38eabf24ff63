"""Where the registry lives, from the environment: `JALON_HOME`, `JALON_DATABASE`."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one registry; each has a default that works on one's own machine."""

    model_config = SettingsConfigDict(env_prefix="JALON_", extra="ignore")

    home: Path = Path(".jalon")
    """The folder of the registry, its keys and the operator's token."""
    database: str = ""
    """`postgresql://…`, or empty for one SQLite file in `home`."""
    language: str = "fr"
    """The language of the command line: `fr` or `en`."""

    @property
    def url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'registry.db'}"

    @property
    def keys(self) -> Path:
        return self.home / "keys.db"

    @property
    def kek(self) -> Path:
        return self.home / "kek"

    @property
    def operator(self) -> Path:
        return self.home / "operator.json"
