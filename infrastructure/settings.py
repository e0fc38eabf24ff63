"""Where the registry lives, from the environment: `JALON_HOME`, `JALON_DATABASE`…"""

import re
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import Invalid


class NotSeconds(Invalid):
    """A setting is not a number of seconds."""

    code = "settings.seconds"
    fr = "JALON_TICK_SECONDS : « {text} » n'est pas un nombre de secondes (0 : jamais)."
    en = "JALON_TICK_SECONDS: “{text}” is not a number of seconds (0: never)."


class Settings(BaseSettings):
    """The settings of one registry; each has a default that works on one's own machine."""

    model_config = SettingsConfigDict(env_prefix="JALON_", extra="ignore")

    home: Path = Path(".jalon")
    """The folder of the registry, its keys and the operator's token."""
    database: str = ""
    """`postgresql://…`, or empty for one SQLite file in `home`."""
    language: str = "fr"
    """The language of the command line: `fr` or `en`."""
    tick_seconds: str = "300"
    """How often a server looks whether deadlines have passed; 0: never."""

    @property
    def every(self) -> int:
        """How often a server looks whether deadlines have passed, in seconds; 0: never."""
        if not re.fullmatch(r"[0-9]{1,6}", self.tick_seconds):
            raise NotSeconds(text=self.tick_seconds[:40])
        return int(self.tick_seconds)

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
