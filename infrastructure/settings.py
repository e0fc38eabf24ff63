"""Where the registry lives, from the environment: `JALON_HOME`, `JALON_DATABASE`…"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import Invalid
from domain.log import is_origin
from infrastructure.outside import TimeAuthority, is_address


class NotSeconds(Invalid):
    """A setting is not a number of seconds."""

    code = "settings.seconds"
    fr = "JALON_TICK_SECONDS : « {text} » n'est pas un nombre de secondes (0 : jamais)."
    en = "JALON_TICK_SECONDS: “{text}” is not a number of seconds (0: never)."


LONGEST_KEPT = 3650
"""Days for which the results of jobs are kept, at most."""

LARGEST_MEGABYTES = 200
"""A document is held in memory while it is encrypted."""


class NotMegabytes(Invalid):
    """A setting is not a size."""

    code = "settings.megabytes"
    fr = (
        "JALON_DOCUMENT_MEGABYTES : « {text} » n'est pas un nombre de mégaoctets "
        f"(de 1 à {LARGEST_MEGABYTES})."
    )
    en = (
        "JALON_DOCUMENT_MEGABYTES: “{text}” is not a number of megabytes "
        f"(from 1 to {LARGEST_MEGABYTES})."
    )


class NotDays(Invalid):
    """A setting is not a number of days."""

    code = "settings.days"
    fr = "JALON_JOB_DAYS : « {text} » n'est pas un nombre de jours (de 1 à 3650)."
    en = "JALON_JOB_DAYS: “{text}” is not a number of days (from 1 to 3650)."


class KeysAmongEvents(Invalid):
    """The keys are to lie in the database whose values they open."""

    code = "settings.keys"
    fr = (
        "JALON_KEYS : les clés ne vont pas dans la base du registre, dont les sauvegardes les "
        "emporteraient ; donnez-leur une base et un compte à elles."
    )
    en = (
        "JALON_KEYS: the keys do not go into the database of the registry, whose backups would "
        "take them along; give them a database and an account of their own."
    )


class NotAnOrigin(Invalid):
    """A setting is not the name of a log."""

    code = "settings.origin"
    fr = (
        "JALON_ORIGIN : « {text} » ne peut pas nommer un journal (de 1 à 255 octets, sans espace "
        "ni « + » : registre.exemple.fr/journal)."
    )
    en = (
        "JALON_ORIGIN: “{text}” cannot name a log (1 to 255 bytes, without spaces or “+”: "
        "registre.example.org/journal)."
    )


class NotASender(Invalid):
    """A setting is not an address that messages can come from."""

    code = "settings.sender"
    fr = "JALON_SENDER : « {text} » n'est pas une adresse électronique."
    en = "JALON_SENDER: “{text}” is not an e-mail address."


class NotAnAddress(Invalid):
    """A setting is not where people reach the registry."""

    code = "settings.address"
    fr = (
        "JALON_ADDRESS : « {text} » n'est pas l'adresse où l'on joint le registre (en https, sans "
        "chemin : https://registre.exemple.fr)."
    )
    en = (
        "JALON_ADDRESS: “{text}” is not where the registry is reached (https, without a path: "
        "https://registry.example.org)."
    )


class NotAnAuthority(Invalid):
    """The settings name no authority that can be asked for time-stamps."""

    code = "settings.time_authority"
    fr = (
        "JALON_TSA est l'adresse (http ou https) d'une autorité d'horodatage, et JALON_TSA_CA le "
        "fichier de son certificat racine : il faut les deux, ou aucun."
    )
    en = (
        "JALON_TSA is the address (http or https) of a time-stamping authority, and JALON_TSA_CA "
        "the file of its root certificate: both are needed, or none."
    )


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
    documents: str = ""
    """The folder of the bytes of documents, or empty for `documents` in `home`."""
    document_megabytes: str = "20"
    """The largest document that is taken."""
    keys: str = ""
    """`postgresql://…` or `sqlite:///…`, or empty for one SQLite file in `home`: the keys."""
    kek: str = ""
    """The file of the key-encryption key, or empty for `kek` in `home`."""
    origin: str = ""
    """The name of the log, for good, without which it is not signed; nor by a server at all."""
    controller: str = ""
    """Who is responsible for the personal data that is kept, with how to reach them."""
    dpo: str = ""
    """How to reach the delegate for data protection; no name of a person is needed."""
    publisher: str = ""
    """Who publishes the registry, with how to reach them."""
    director: str = ""
    """Who answers for what is published."""
    host: str = ""
    """Who hosts the registry, with how to reach them."""
    contact: str = ""
    """Where people write of an error, or of a page that they cannot use."""
    policy: str = ""
    """The file of the policy of trust, or empty for the one that was installed in `home`."""
    tsa: str = ""
    """The address of a time-stamping authority; where it is not said, nothing is stamped."""
    tsa_ca: str = ""
    """The file of its root certificate."""
    smtp: str = ""
    """The mail server, `smtp://user:password@server:587`; empty: messages go to a folder."""
    sender: str = ""
    """The address from which messages come."""
    address: str = ""
    """Where people reach it, `https://registre.exemple.fr`; empty: on this machine only."""
    providers: str = ""
    """The file of the providers of identity, or empty for `providers.toml` in `home`, if any."""

    job_days: str = "30"
    """For how many days a job that ended is kept, with what came of it."""

    @property
    def every(self) -> int:
        """How often a server looks whether deadlines have passed, in seconds; 0: never."""
        if not re.fullmatch(r"[0-9]{1,6}", self.tick_seconds):
            raise NotSeconds(text=self.tick_seconds[:40])
        return int(self.tick_seconds)

    @property
    def job_folder(self) -> Path:
        """Where the files of jobs lie."""
        return self.home / "jobs"

    @property
    def days_of_jobs(self) -> int:
        """For how many days a job that ended is kept."""
        text = self.job_days
        if not re.fullmatch(r"[1-9][0-9]{0,3}", text) or int(text) > LONGEST_KEPT:
            raise NotDays(text=text[:40])
        return int(text)

    @property
    def as_environment(self) -> dict[str, str]:
        """The same settings, as another process of the product reads them."""
        given = self.model_dump()
        return {f"JALON_{name.upper()}": str(value) for name, value in given.items()}

    @property
    def document_folder(self) -> Path:
        """Where the bytes of documents lie, encrypted; shared by all who serve the registry."""
        return Path(self.documents) if self.documents else self.home / "documents"

    @property
    def largest_document(self) -> int:
        """The largest document that is taken, in bytes."""
        text = self.document_megabytes
        if not re.fullmatch(r"[1-9][0-9]{0,3}", text) or int(text) > LARGEST_MEGABYTES:
            raise NotMegabytes(text=text[:40])
        return int(text) * 1_000_000

    @property
    def url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'registry.db'}"

    @property
    def key_store(self) -> str:
        """Where the keys of personal values lie: never in the database of the registry."""
        if self.keys and _place(self.keys) == _place(self.url):
            raise KeysAmongEvents
        return self.keys or f"sqlite:///{self.home / 'keys.db'}"

    @property
    def kek_file(self) -> Path:
        """The key that opens the keys; it lies in neither store."""
        return Path(self.kek) if self.kek else self.home / "kek"

    @property
    def log_origin(self) -> str:
        """The name under which the log is signed: `registre.exemple.fr/journal`; empty: its own."""
        if self.origin and not is_origin(self.origin):
            raise NotAnOrigin(text=self.origin[:40].replace("\n", " "))
        return self.origin

    @property
    def signing(self) -> Path:
        """Where the keys of the log and what they signed lie; out of every backup."""
        return self.home / "signing"

    @property
    def policy_file(self) -> Path | None:
        """The file of the policy of trust, where it is not the installed one."""
        return Path(self.policy) if self.policy else None

    @property
    def time_authority(self) -> TimeAuthority | None:
        """Whom to ask for time-stamps."""
        if not self.tsa and not self.tsa_ca:
            return None
        if not self.tsa_ca or not is_address(self.tsa):
            raise NotAnAuthority
        return TimeAuthority(self.tsa, Path(self.tsa_ca))

    @property
    def outbox(self) -> Path:
        """Where messages are laid down, where no mail server takes them."""
        return self.home / "outbox"

    @property
    def mail_sender(self) -> str:
        """From whom messages come."""
        given = self.sender or "registre@localhost"
        if not re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}", given):
            raise NotASender(text=given[:60])
        return given

    @property
    def public_address(self) -> str:
        """Where people reach it, without a path; empty on this machine only."""
        given = self.address.rstrip("/")
        if given and not re.fullmatch(r"https://[a-z0-9.-]{1,253}(:\d{1,5})?", given):
            raise NotAnAddress(text=given[:60])
        return given

    @property
    def provider_file(self) -> Path:
        """The file that names the providers of identity."""
        return Path(self.providers) if self.providers else self.home / "providers.toml"

    @property
    def operator(self) -> Path:
        return self.home / "operator.json"


def _place(url: str) -> object:
    """Where a database is, whoever reaches it and however that is written."""
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).resolve()
    try:
        parts = urlsplit(url)
        return parts.hostname, parts.port or 5432, parts.path
    except ValueError:
        return url
