"""The files that come with a form: refused where nothing can be read in them, kept with its draft.

A browser never sends a file again by itself: once sent, it is kept, encrypted as drafts are, for
whoever sent it, until the act is given or its draft dropped.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from starlette.datastructures import FormData, UploadFile

from application.charter_text import decoded
from domain.errors import Invalid, JalonError
from domain.media import plain_name
from interfaces.definitions import grid_as_json
from interfaces.form_typed import Typed
from interfaces.wiring import Product

LARGEST_KEPT = 20_000_000
"""Characters, in base64, of the files of one form that are kept from one page to the next."""

WRITTEN: Mapping[str, str] = {"charter.publish": "text", "grid.publish": "grid"}
"""The acts of which a field is written in a file: what the file says stands in it afterwards."""

KEPT = "_file."
"""How the names begin of the fields that say which file is kept."""


class EmptyFile(Invalid):
    """A file was chosen in which nothing is."""

    code = "form.empty_file"
    fr = "Le fichier « {name} » est vide : choisissez-en un autre."
    en = "The file “{name}” is empty: choose another one."


class FileGone(Invalid):
    """What was sent before is no longer kept."""

    code = "form.file_gone"
    fr = "Le fichier choisi auparavant n'est plus gardé : choisissez-le de nouveau."
    en = "The file chosen before is no longer kept: choose it again."


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as somebody sent it."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def size_in_words(self) -> str:
        if len(self.data) < 1000:
            return f"{len(self.data)} octets"
        return f"{len(self.data) // 1000:,} ko".replace(",", "\u202f")


@dataclass(frozen=True, slots=True)
class SentFiles:
    """What came with a form, and why it is not taken, where it is not."""

    files: Mapping[str, SentFile]
    refusal: JalonError | None = None


async def files_of(product: Product, sent: FormData) -> SentFiles:
    """The files that were sent with a form; none is read that is too large."""
    found = dict[str, SentFile]()
    for key, file in sent.multi_items():
        if not isinstance(file, UploadFile) or not file.filename:
            continue
        name = plain_name(file.filename) or ""
        try:
            product.documents.check_size(file.size or 0)
            if not (data := await file.read()):
                raise EmptyFile(name=name)
        except JalonError as refusal:
            return SentFiles(found, refusal)
        found[key] = SentFile(name, data)
    return SentFiles(found)


class KeptFiles:
    """The files of one form of somebody's, about one thing."""

    def __init__(self, product: Product, account: UUID, act: str, about: str) -> None:
        self._drafts = product.desk.drafts
        self._of = (account, f"{act}/files", about)

    def find(self) -> dict[str, SentFile]:
        kept = self._drafts.find(*self._of)
        told = json.loads(kept.content) if kept else {}
        return {path: SentFile(str(name), b64decode(data)) for path, (name, data) in told.items()}

    def keep(self, files: Mapping[str, SentFile]) -> bool:
        """Keep them in place of those before; whether they are not too large for it."""
        told = {path: (one.name, b64encode(one.data).decode()) for path, one in files.items()}
        content = json.dumps(told)
        if len(content) > LARGEST_KEPT:
            return False
        self._drafts.keep(*self._of, content, most=LARGEST_KEPT)
        return True

    def drop(self) -> None:
        self._drafts.drop(*self._of)

    def with_kept(self, sent: FormData, files: Mapping[str, SentFile]) -> dict[str, SentFile]:
        """What was sent, and what the page said is kept; refused where that is gone."""
        said = {
            key.removeprefix(KEPT): str(digest)
            for key, digest in sent.multi_items()
            if key.startswith(KEPT)
        }
        wanted = {path: digest for path, digest in said.items() if path not in files}
        kept = self.find() if wanted else {}
        for path, digest in wanted.items():
            if path not in kept or kept[path].digest != digest:
                raise FileGone
        return {**{path: kept[path] for path in wanted}, **files}


def with_files(act: str, typed: Typed, files: Mapping[str, SentFile]) -> Typed:
    """What was typed, with what files say: their bytes, their names, or the text they hold."""
    written = WRITTEN.get(act, "")
    texts = dict(typed.texts)
    found = {path: one.data for path, one in files.items() if path != f"{written}.file"}
    if written and (file := files.get(f"{written}.file")):
        of_grid = act == "grid.publish"
        text = grid_as_json(file.name, file.data) if of_grid else decoded(file.data)
        texts[written] = (text,)
    if "content" in files and not typed.text("file_name"):
        texts["file_name"] = (files["content"].name,)
    return replace(typed, texts=texts, files=found)
