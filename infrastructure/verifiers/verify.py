#!/usr/bin/env python3
"""Vérifie un dossier de preuve, hors ligne : python3 verify.py dossier.zip

Il ne partage rien avec Jalon : la bibliothèque standard de Python (3.11 ou plus) et la
bibliothèque « cryptography » suffisent. Il relit tout, dit en français ce qui tient et ce qui ne
tient pas, et finit par le code 0 si tout tient, 3 si cela ne tient pas, 2 si rien n'a été vérifié,
faute de pouvoir lire ce qui est donné.

    --politique FICHIER   ce que vous tenez d'ailleurs (tlog-policy) : vos clés, vos témoins
    --ca FICHIER          le certificat racine (PEM) de l'autorité d'horodatage, tenu d'ailleurs
    --sans-mldsa          accepter que les signatures ML-DSA-44 ne soient pas vérifiées
"""

import argparse
import json
import re
import struct
import sys
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NoReturn
from zlib import crc32

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    print(
        "Il manque la bibliothèque « cryptography ». Rien n'a été vérifié. Installez-la (voir "
        "LISEZMOI.txt), ou ouvrez verifier.html.",
        file=sys.stderr,
    )
    sys.exit(2)

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:  # une version plus ancienne de la bibliothèque
    mldsa = None  # type: ignore[assignment]  # ce que l'on dit alors, plus bas

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ENTRY = re.compile(
    rf'\{{"h":"([A-Za-z0-9_-]{{43}})","i":(0|[1-9]\d{{0,18}}),"id":"({UUID})","k":"([a-z_.0-9]+)",'
    rf'"n":([1-9]\d{{0,18}}),"r":([1-9]\d{{0,18}}),"s":"({UUID})","v":1\}}',
    re.ASCII,
)
LINE = re.compile(rb'\{"i":(0|[1-9][0-9]{0,18}),"state":(".*")\}\n')
NOTE = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]{44})\n\n— ")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
LARGEST_NUMBER = 2**53 - 1  # ce que dit le JSON canonique (RFC 8785)
LONGEST_NAME = 255  # octets du nom d'une clé ou d'un journal
DEFINITIONS = {
    "rulebook.journey_published.v1": ("parcours", "journey"),
    "grid.published.v1": ("grilles", "grid"),
}
ALWAYS = {"checkpoint", "etats.jsonl", "policy", "manifeste.json"}
ALWAYS |= {"LISEZMOI.txt", "verifier.html", "verify.py"}
LARGEST = 64_000_000  # octets d'un fichier qui se lit d'un coup, ou d'une ligne
SHOWN = 30
BY_ITSELF = ("recognised", "experimentation")  # étapes qu'une reconnaissance commence et finit
SHA256 = bytes.fromhex("0609608648016503040201")
HASHES: dict[bytes, Any] = {
    SHA256: hashes.SHA256(),
    bytes.fromhex("0609608648016503040202"): hashes.SHA384(),
    bytes.fromhex("0609608648016503040203"): hashes.SHA512(),
}
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
ARTICLE_9 = ("composition_finding", "selection")
NAMING = ("pole.registered.v1", "pole.renamed.v1")


class NotReadable(Exception):
    """Ce dossier ne peut pas être lu du tout."""


class StampRefused(Exception):
    """Un horodatage ne tient pas : pourquoi, et que faire si rien ne dit qu'il fut changé."""


class BadRequest(Exception):
    """Ce qui est donné ne se lit pas, ou n'est pas ce qui est demandé : rien n'est vérifié."""


REWRITTEN = (
    "un autre programme a réécrit ce zip (gestionnaire de fichiers, messagerie) ; prenez le "
    "fichier d'origine, tel que Jalon l'a écrit, sans l'ouvrir ni le recomprimer"
)
CUT = "la fin du zip manque ou a été changée ; copiez de nouveau le fichier d'origine, en entier"
WHAT_NEXT = (
    "Gardez ce fichier tel quel : c'est une pièce. Demandez au registre un autre dossier de la "
    "même taille, comparez-les, et demandez-lui de lancer « jalon audit verify »."
)


NO_KEY = (
    "Votre politique n'est pas celle de ce journal : demandez la sienne (« jalon audit policy » la "
    "donne) à qui le tient, par un autre chemin que ce fichier."
)
KEYS_CHANGED = (
    "Votre politique ne connaît pas la clé qui a signé : les clés du journal ont pu changer "
    "depuis, ou ce fichier n'est pas de ce journal. Demandez à qui le tient, par un autre chemin "
    "que ce fichier, sa politique d'à présent (« jalon audit policy ») et un dossier qui finisse "
    "au changement de clés (« jalon audit export --until ») : vos anciennes clés l'ont signé "
    "aussi, et il donne les nouvelles. D'ici là, gardez ce fichier sans vous y fier."
)
WITNESSES_AWAITED = (
    "Rien n'a été changé, mais il manque des cosignatures de témoins que demande votre politique : "
    "redemandez ce fichier au registre quand ils auront répondu."
)
OTHER_AUTHORITY = (
    "Rien ne dit que quelque chose ait été changé : demandez à qui tient le journal par quelle "
    "autorité il le fait horodater, puis à elle sa racine."
)
NOT_STAMPED = (
    "Rien ne dit que quelque chose ait été changé, ni quand ce dossier existait : demandez à qui "
    "tient le journal un dossier dont le point de contrôle soit horodaté."
)
TOO_OLD = (
    "Rien ne dit que quelque chose ait été changé : la bibliothèque « cryptography » d'ici ne sait "
    "pas vérifier ML-DSA-44. Prenez-en une plus récente, ou « --sans-mldsa »."
)


faults: list[tuple[str | int, str]] = []
remedies: list[str] = []  # que faire, pour chaque défaut où rien n'a été changé


def fault(place: str | int, reason: str, remedy: str | None = None) -> None:
    """Retient un défaut : à l'événement de cette place, la première étant 0, ou dans ce fichier."""
    faults.append((place, reason))
    if remedy:
        remedies.append(remedy)


def said_of(place: str | int) -> str:
    """L'événement par son numéro, le premier étant le n° 1, comme partout dans Jalon."""
    return f"événement n° {place + 1}" if isinstance(place, int) else place


def counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number > 1)}"


def said(step: str, before: int) -> None:
    """Dit si une étape de la vérification tient."""
    print(f"  {'tient' if len(faults) == before else 'NE TIENT PAS'}  {step}")


# --- le fichier zip ------------------------------------------------------------------------------


class Zip:
    """Un zip sans compression, dont chaque octet découle des noms et des contenus."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        length = file.seek(0, 2)
        end = self.at(max(length - 22, 0), 22)
        if len(end) < 22 or self.at(0, 2) != b"PK":
            raise NotReadable("ce n'est pas un fichier zip")
        _, _, _, count, _, size, start, _ = struct.unpack("<4s4H2LH", end)
        whole = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, start, 0)
        if end != whole:
            raise NotReadable(CUT)
        if start + size + 22 != length:
            raise NotReadable(REWRITTEN)
        self.places: dict[str, tuple[int, int, int]] = {}
        table, place, offset = self.at(start, size), 0, 0
        for _ in range(count):
            if len(table) < place + 46:
                raise NotReadable(REWRITTEN)
            checksum, _, size, named = struct.unpack_from("<3LH", table, place + 16)
            name = table[place + 46 : place + 46 + named]
            about = (0, 0, 0, 33, checksum, size, size, named, 0)
            head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, *about)
            line = (0x314, 20, *about, 0, 0, 0, 0o100644 << 16, offset)
            if table[place : place + 46] != struct.pack("<4s6H3L5H2L", b"PK\1\2", *line):
                raise NotReadable(REWRITTEN)
            if self.at(offset, 30 + named) != head + name:
                raise NotReadable(REWRITTEN)
            self.add(name.decode("ascii", "replace"), offset + 30 + named, size, checksum)
            place, offset = place + 46 + named, offset + 30 + named + size
        if place != len(table) or offset != start:
            raise NotReadable(REWRITTEN)

    def add(self, name: str, start: int, size: int, checksum: int) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_@.-]+(/[A-Za-z0-9_@.-]+)*", name) or (
            {".", ".."} & set(name.split("/")) or len(name) > 200
        ):
            raise NotReadable("il contient un fichier dont le nom n'est pas admis")
        if name in self.places:
            raise NotReadable(f"« {name} » y est deux fois")
        self.places[name] = (start, size, checksum)

    def at(self, place: int, length: int) -> bytes:
        self.file.seek(place)
        return self.file.read(length)

    def pieces(self, name: str) -> Iterator[bytes]:
        start, left, _ = self.places[name]
        while left:
            piece = self.at(start, min(left, 1 << 20))
            if not piece:
                raise NotReadable(CUT)
            yield piece
            start, left = start + len(piece), left - len(piece)

    def read(self, name: str) -> bytes:
        """Un fichier entier ; vide s'il manque, ce qui se dit ailleurs."""
        if name not in self.places:
            return b""
        if self.places[name][1] > LARGEST:
            raise NotReadable(f"« {name} » est démesuré")
        return b"".join(self.pieces(name))

    def lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from (line + b"\n" for line in whole)
            if len(rest) > LARGEST:
                raise NotReadable("une ligne est démesurée")
        if rest:
            yield rest


def canonical(value: Any) -> bytes:
    """Le JSON canonique (RFC 8785) d'une valeur sans nombre à virgule."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def loaded(text: str | bytes) -> Any:
    """Ce que dit un JSON ; « NaN » et ses pareils n'en sont pas."""

    def refused(word: str) -> Any:
        raise ValueError(word)

    return json.loads(text, parse_constant=refused)


def note_in(content: bytes) -> tuple[str, int, bytes] | None:
    """Le journal, la taille et la racine d'un point de contrôle ; None si ce n'en est pas un."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    form = NOTE.match(text)
    root = exact(form[3]) if form else None
    if form is None or root is None or len(root) != 32 or CONTROL.search(text):
        return None
    if len(form[1].encode()) > LONGEST_NAME or int(form[2]) > LARGEST_NUMBER:
        return None
    lines = text.rpartition("\n\n")[2]
    if len(content) > 1_000_000 or lines.count("\n") > 64 or text.count("\n\n") != 1:
        return None
    return form[1], int(form[2]), root


# --- le manifeste --------------------------------------------------------------------------------


def check_manifest(found: Zip, origin: str, size: int) -> str | None:
    """Compare chaque fichier à son empreinte ; rend le pôle, si le dossier est d'un seul."""
    raw = found.read("manifeste.json")
    try:
        manifest = loaded(raw)
        files, pole = dict(manifest["fichiers"]), manifest.get("pole")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        manifest, files, pole = {}, {}, None
    told = {"fichiers": files, "genre": "pole" if pole else "journal", "origine": origin}
    told |= {"taille": size, "v": 1} | ({"pole": pole} if pole else {})
    if canonical(told) != raw or not (pole is None or re.fullmatch(UUID, str(pole))):
        fault("manifeste.json", "il n'est pas écrit de la seule façon admise, ou dit autre chose")
    names = [name for name in found.places if name != "manifeste.json"]
    if [*sorted(names), "manifeste.json"] != list(found.places):
        fault("manifeste.json", "les fichiers ne sont pas dans leur ordre")
    for name in names:
        digest, checksum = sha256(), 0
        for piece in found.pieces(name):
            digest.update(piece)
            checksum = crc32(piece, checksum)
        if checksum != found.places[name][2]:
            fault(name, "son contenu n'est pas celui que dit le zip")
        if files.get(name) != digest.hexdigest():
            fault(name, "son empreinte n'est pas celle du manifeste")
    if crc32(raw) != found.places["manifeste.json"][2]:
        fault("manifeste.json", "son contenu n'est pas celui que dit le zip")
    for name in sorted(set(files) - set(names)):
        fault(name, "le manifeste le nomme, et il manque")
    if pole is None and any(name.startswith("preuves/") for name in names):
        return "?"  # un manifeste abîmé : les preuves se lisent tout de même
    return str(pole) if pole else None


# --- l'arbre (RFC 6962) --------------------------------------------------------------------------


def leaf_of(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root_of(hashes: list[bytes]) -> bytes:
    """La racine d'un arbre : la plus grande moitié, une puissance de deux, vient d'abord."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node(root_of(hashes[:half]), root_of(hashes[half:]))


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """La racine à laquelle mène un chemin (RFC 9162, section 2.1.3.2)."""
    if index >= size:
        return None
    place, last, root = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node(neighbour, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node(root, neighbour)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def tile_name(number: int, width: int) -> str:
    text = str(number)
    text = text.zfill(-(-len(text) // 3) * 3)
    *before, last = (text[at : at + 3] for at in range(0, len(text), 3))
    return "".join(f"x{part}/" for part in before) + last + ("" if width == 256 else f".p/{width}")


def entries_of_log(
    found: Zip, size: int, roots: dict[int, bytes], expected: set[str], wanted: set[int]
) -> Iterator[Any]:
    """Chaque entrée du journal, et au passage chaque tuile ; à la fin, la racine."""
    peaks: list[tuple[int, bytes]] = []  # des arbres parfaits, le plus grand d'abord
    tops, hashes = [], list[bytes]()
    for number in range(-(-size // 256)):
        width = min(256, size - 256 * number)
        name = f"tile/entries/{tile_name(number, width)}"
        expected.add(name)
        content, at, leaves = found.read(name), 0, list[bytes]()
        for place in range(width):
            length = int.from_bytes(content[at : at + 2], "big")
            entry = content[at + 2 : at + 2 + length]
            if len(content) < at + 2 + length or not length:
                fault(256 * number + place, "son entrée manque")
                entry = b""
            at += 2 + length
            leaves.append(leaf_of(entry))
            peaks.append((1, leaves[-1]))
            while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
                (width_, right), (_, left) = peaks.pop(), peaks.pop()
                peaks.append((2 * width_, node(left, right)))
            if 256 * number + place + 1 in wanted - {size}:
                top = peaks[-1][1]
                for _, peak in reversed(peaks[:-1]):
                    top = node(peak, top)
                roots[256 * number + place + 1] = top
            yield 256 * number + place, entry
        if at != len(content):
            fault(name, "cette tuile contient autre chose que ses entrées")
        check_tile(found, 0, number, leaves, expected)
        tops.append(root_of(leaves))
        hashes = tops[: size // 256]
    level = 1
    while hashes:
        groups = [hashes[at : at + 256] for at in range(0, len(hashes), 256)]
        for number, group in enumerate(groups):
            check_tile(found, level, number, group, expected)
        hashes, level = [root_of(group) for group in groups if len(group) == 256], level + 1
    if root_of(tops) != roots[size]:
        fault("checkpoint", "sa racine n'est pas celle que donnent les entrées")


def check_tile(
    found: Zip, level: int, number: int, hashes: list[bytes], expected: set[str]
) -> None:
    name = f"tile/{level}/{tile_name(number, len(hashes))}"
    expected.add(name)
    content = found.read(name)
    for place, known in enumerate(hashes):
        if content[32 * place : 32 * place + 32] != known:
            where = 256 * number + place if level == 0 else name
            fault(where, f"la tuile {name} n'est pas celle des entrées")
    if len(content) != 32 * len(hashes):
        fault(name, "cette tuile n'a pas la bonne longueur")


def entries_of_pole(found: Zip, note: bytes, size: int, root: bytes, expected: set[str]) -> Any:
    """Chaque entrée montrée, avec sa preuve (C2SP tlog-proof)."""
    shown = [re.fullmatch(r"preuves/(0|[1-9]\d{0,18})\.tlog-proof", name) for name in found.places]
    for index, name in sorted((int(match[1]), match[0]) for match in shown if match):
        expected.add(name)
        head, _, signed = found.read(name).partition(b"\n\n")
        first, *lines = head.decode("latin-1").split("\n")
        held = (
            [exact(line) for line in (lines[0].removeprefix("extra "), *lines[2:])] if lines else []
        )
        entry, path = (held[0] or b"", [part or b"" for part in held[1:]]) if held else (b"", [])
        again = [f"extra {b64encode(entry).decode()}", f"index {index}"]
        again += [b64encode(part).decode() for part in path]
        if first != "c2sp.org/tlog-proof@v1" or lines != again or signed != note:
            fault(index, "sa preuve n'est pas écrite comme il faut, ou porte une autre signature")
        if any(len(part) != 32 for part in path) or (
            root_from(leaf_of(entry), index, size, path) != root
        ):
            fault(index, "sa preuve ne mène pas à la racine signée")
        yield index, entry


# --- les signatures ------------------------------------------------------------------------------


def exact(text: str) -> bytes | None:
    """Ce que contient une base64, si elle est écrite de la seule façon admise."""
    try:
        value = b64decode(text, validate=True)
    except ValueError:
        return None
    return value if b64encode(value).decode() == text else None


class Key:
    """Une clé de vérification : nom+identifiant+base64(genre ‖ clé)."""

    def __init__(self, text: str) -> None:
        name, identity, encoded = (*text.split("+", 2), "", "")[:3]
        material = exact(encoded) or b"\0"
        self.text, self.name, self.kind, self.public = text, name, material[0], material[1:]
        self.id = sha256(name.encode("utf-8", "replace") + b"\n" + material).digest()[:4]
        size = {1: 32, 4: 32, 6: 1312}.get(self.kind)
        if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
            raise ValueError(f"le nom d'une clé compte {LONGEST_NAME} octets au plus")
        if self.id.hex() != identity or len(self.public) != size or re.search(r"\s|^$", name):
            raise ValueError("ce n'est pas une clé de vérification")

    @property
    def algorithm(self) -> str:
        return "ML-DSA-44" if self.kind == 6 else "Ed25519"


def signed_at(key: Key, value: bytes, text: str) -> int | None:
    """La seconde d'une signature (0 si elle n'en dit pas) ; None si ce n'en est pas une."""
    origin, size, root = text.split("\n")[:3]
    second = 0 if key.kind == 1 else int.from_bytes(value[:8], "big")
    value = value if key.kind == 1 else value[8:]
    message = text.encode()
    if key.kind == 4:
        message = f"cosignature/v1\ntime {second}\n{text}".encode()
    if key.kind == 6:
        names = [bytes([len(name.encode())]) + name.encode() for name in (key.name, origin)]
        message = b"subtree/v1\n\0" + names[0] + second.to_bytes(8, "big") + names[1] + bytes(8)
        message += int(size).to_bytes(8, "big") + (exact(root) or b"")
        if mldsa is None:
            print(f"  ML-DSA-44 : la signature de « {key.name} » n'a pas pu être vérifiée ici.")
            return second
    kind: Any = mldsa.MLDSA44PublicKey if key.kind == 6 else Ed25519PublicKey
    try:
        kind.from_public_bytes(key.public).verify(value, message)
    except InvalidSignature:
        return None
    return second if key.kind == 1 or 0 < second < 2**63 else None


def check_note(found: Zip, expected: set[str], *, lenient: bool) -> tuple[list[Key], set[str]]:
    """Les signatures du point de contrôle : toutes celles des clés du dossier, et aucune autre.

    Rend les clés du dossier, et celles dont la signature est la leur.
    """
    text, _, lines = found.read("checkpoint").decode().rpartition("\n\n")
    text += "\n"
    origin = text.split("\n")[0]
    keys: dict[str, Key] = {}
    signed: set[str] = set()
    for name in sorted(name for name in found.places if name.startswith("cles/")):
        content = found.read(name).decode("utf-8", "replace")
        try:
            key = Key(content.removesuffix("\n"))
        except ValueError as error:
            fault(name, str(error))
            continue
        if f"cles/{key.id.hex()}.vkey" != name or content != f"{key.text}\n":
            fault(name, "cette clé n'est pas écrite de la seule façon admise")
        expected.add(name)
        keys[name] = key
    logs = [key for key in keys.values() if key.name == origin and key.kind in (1, 6)]
    witnesses = [key for key in keys.values() if key not in logs]
    policy = [f"log {key.text}" for key in logs]
    policy += [f"witness {key.id.hex()} {key.text}" for key in witnesses]
    if witnesses:
        policy.append("group tous all " + " ".join(key.id.hex() for key in witnesses))
    policy.append(f"quorum {'tous' if witnesses else 'none'}")
    if found.read("policy") != "".join(f"{line}\n" for line in policy).encode():
        fault("policy", "elle n'est pas celle des clés du dossier")
    waited = {(key.name, key.id): key for key in keys.values()}
    for line in lines.removesuffix("\n").split("\n"):
        dash, name, encoded = (*line.split(" "), "", "", "")[:3]
        held = exact(encoded) or b""
        known = waited.pop((name, held[:4]), None)
        if dash != "—" or line.count(" ") != 2 or known is None:
            fault("checkpoint", "une signature est d'une clé inconnue, double ou mal écrite")
        elif known.kind == 6 and mldsa is None and not lenient:
            fault("checkpoint", f"la signature de « {name} » n'a pas pu être vérifiée", TOO_OLD)
        elif (second := signed_at(known, held[4:], text)) is None:
            fault("checkpoint", f"la signature de « {name} » n'est pas la sienne")
        else:
            signed.add(known.text)
            if known in witnesses:
                print(f"         témoin {name}, {instant(second)}")
    for name, _ in waited:
        fault("checkpoint", f"il y manque une signature de « {name} »")
    if not logs or not lines.endswith("\n"):
        fault("checkpoint", "aucune clé du journal ne l'a signé")
    return list(keys.values()), signed


def instant(second: int) -> str:
    """Une seconde depuis 1970, en mots ; un témoin peut en dire une que nul calendrier n'a."""
    if second > 253_402_300_799:
        return f"à la seconde {second}, que nul calendrier n'a"
    return f"le {paris(second):%d/%m/%Y à %H h %M} (heure de Paris)"


class OutsidePolicy:
    """Une politique tenue d'ailleurs (C2SP tlog-policy) ; ValueError dit laquelle n'en est pas."""

    def __init__(self, content: bytes) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, tuple[int, list[str]]] = {}
        self.quorum: str | None = None
        lines = content.decode("utf-8", "surrogateescape").split("\n")
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", content) or len(lines) > 256:
            raise ValueError("un caractère de contrôle, ou plus de 256 lignes")
        for number, line in enumerate(lines, 1):
            words = line.strip(" \t")
            if words and not words.startswith("#"):
                try:
                    self.take(re.split(r"[ \t]+", words))
                except (ValueError, LookupError):
                    raise ValueError(f"ligne {number}") from None
        if self.quorum is None:
            raise ValueError("il manque le quorum")

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", text, *url] if len(url) < 2:
                self.logs.append(self.fresh(Key(text), self.logs))
            case ["witness", name, text, *url] if len(url) < 2 and self.is_free(name):
                self.witnesses[name] = self.fresh(Key(text), list(self.witnesses.values()))
            case ["group", name, least, *members] if members and self.is_free(name):
                count = {"any": 1, "all": len(members)}.get(least)
                if count is None and re.fullmatch(r"[0-9]{1,3}", least, re.ASCII):
                    count = int(least)
                taken = [one for _, group in self.groups.values() for one in group]
                known = self.witnesses.keys() | self.groups.keys()
                if not 1 <= (count or 0) <= len(members) or not known.issuperset(members):
                    raise ValueError(name)
                if len(set(members)) != len(members) or set(taken) & set(members):
                    raise ValueError(name)
                self.groups[name] = (count or 1, members)
            case ["quorum", name] if self.quorum is None and (
                name == "none" or not self.is_free(name)
            ):
                self.quorum = name
            case _:
                raise ValueError(words[0])

    def is_free(self, name: str) -> bool:
        return name not in ("none", *self.witnesses, *self.groups)

    def fresh(self, key: Key, known: list[Key]) -> Key:
        if any(key.public == one.public for one in known):
            raise ValueError(key.name)
        return key

    def is_met(self, name: str, signed: set[str]) -> bool:
        if name in self.groups:
            least, members = self.groups[name]
            return sum(self.is_met(member, signed) for member in members) >= least
        return name == "none" or self.witnesses[name].text in signed


def check_policy(
    policy: OutsidePolicy, name: str, keys: list[Key], signed: set[str], origin: str
) -> None:
    """Un journal connu, sa clé ML-DSA-44 si la politique en donne une, assez de témoins.

    Une clé du journal qui a signé, et que la politique ne connaît pas, peut l'avoir remplacée.
    """
    logs = [key for key in policy.logs if key.name == origin]
    known = any(key.text in signed for key in logs)
    if not logs:
        fault(name, f"elle ne donne aucune clé du journal « {origin} »", NO_KEY)
    elif not known:
        reason = f"aucune des clés qu'elle donne du journal « {origin} » n'a signé"
        fault(name, reason, KEYS_CHANGED)
    lasting = [key for key in logs if key.kind == 6]
    if known and lasting and not any(key.text in signed for key in lasting):
        named = ", ".join(key.id.hex() for key in lasting)
        reason = f"la clé ML-DSA-44 ({named}) de votre politique n'a pas signé"
        has_another = any(key.name == origin and key.kind == 6 for key in keys)
        remedy = KEYS_CHANGED if has_another else None
        fault(name, reason, TOO_OLD if mldsa is None else remedy)
    if not policy.is_met(policy.quorum or "none", signed):
        count = sum(key.text in signed for key in policy.witnesses.values())
        number = f"{count} sur {len(policy.witnesses)}"
        reason = f"trop peu de témoins ont signé, de ceux qu'elle nomme ({number})"
        fault(name, reason, WITNESSES_AWAITED)


# --- les horodatages (RFC 3161, RFC 5652) ---------------------------------------------------------


def der(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """Un élément DER : son étiquette, son contenu, la place de ce qui suit."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length > 127:
        start += length - 128
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise ValueError("DER")
    return tag, data[start : start + length], start + length


def parts(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Les éléments d'une suite : étiquette, contenu, et l'élément tel qu'il est écrit."""
    found, at = [], 0
    while at < len(data):
        tag, content, end = der(data, at)
        found.append((tag, content, data[at:end]))
        at = end
    return found


def check_token(
    answer: bytes, certificates: bytes, stamped: bytes, anchors: list[Any] | None
) -> tuple[datetime, str]:
    """L'instant où une autorité a vu cette note ; laquelle, et la racine qui en répond."""
    status, content = parts(parts(answer)[0][1])
    if parts(status[1])[0][1] != b"\0" or len(parts(answer)) != 1:
        raise StampRefused("l'autorité a refusé de dater")
    signed = parts(parts(parts(content[1])[1][1])[0][1])
    info = parts(parts(parts(signed[2][1])[1][1])[0][1])[0]
    told = parts(info[1])
    imprint = parts(told[2][1])
    if SHA256 not in imprint[0][1] or imprint[1][1] != sha256(stamped).digest():
        raise StampRefused("ce qu'il date n'est pas ce point de contrôle-ci")
    when = datetime.strptime(told[4][1].decode()[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    signer = parts(parts(signed[-1][1])[0][1])
    attributes = next(part for part in signer if part[0] == 0xA0)
    method = HASHES[parts(signer[2][1])[0][2]]
    digest = hashes.Hash(method)
    digest.update(parts(parts(signed[2][1])[1][1])[0][1])
    wanted = b"\x04" + bytes([method.digest_size]) + digest.finalize()
    held = {parts(one[1])[0][2]: parts(one[1])[1][1] for one in parts(attributes[1])}
    if held.get(MESSAGE_DIGEST) != wanted:
        raise StampRefused("ce qu'il dit n'est pas ce qui fut signé")
    message = b"\x31" + attributes[2][1:]
    place = signer.index(attributes)
    held_here = x509.load_pem_x509_certificates(certificates)
    brought = [part[1] for part in signed if part[0] == 0xA0]
    others = [x509.load_der_x509_certificate(one[2]) for part in brought for one in parts(part)]
    other = ""
    for one in others:
        if is_signed_by(one.public_key(), signer[place + 2][1], message, method) and (
            is_for_stamps(one)
        ):
            known = held_here if anchors is None else anchors
            root = root_of_chain(one, known, [*held_here, *others], when)
            if root is not None:
                return when, f"{named(one)}, racine {named(root)}"
            own = root_of_chain(one, held_here, [*held_here, *others], when)
            other = other or (f"{named(one)}, racine {named(own)}" if own else "")
    if other:
        reason = f"il est de {other}, et non de l'autorité dont vous donnez la racine"
        raise StampRefused(reason, OTHER_AUTHORITY)
    raise StampRefused("aucune autorité d'horodatage dont le certificat est connu ne l'a signé")


def is_signed_by(key: Any, signature: bytes, message: bytes, method: Any) -> bool:
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), method)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(method))
        else:
            key.verify(signature, message)
    except (InvalidSignature, TypeError, AttributeError):
        return False
    return True


def is_for_stamps(certificate: Any) -> bool:
    try:
        use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return False
    return bool(use.critical and x509.ObjectIdentifier("1.3.6.1.5.5.7.3.8") in use.value)


def is_authority(certificate: Any) -> bool:
    try:
        limits = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return bool(limits.value.ca)


def named(certificate: Any) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return f"« {names[0].value if names else certificate.subject.rfc4514_string()} »"


def root_of_chain(one: Any, known: list[Any], others: list[Any], when: datetime) -> Any:
    """La racine connue à laquelle mène un certificat, d'émetteur en émetteur ; None sinon."""
    for _ in range(8):
        if not one.not_valid_before_utc <= when <= one.not_valid_after_utc:
            return None
        if one in known and one.issuer == one.subject:
            return one
        issuers = [two for two in (*known, *others) if two.subject == one.issuer]
        one = next((two for two in issuers if is_authority(two) and was_issued(one, two)), None)
        if one is None:
            return None
    return None


def was_issued(one: Any, issuer: Any) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def roots_in(path: Path) -> list[Any]:
    """Les certificats d'un fichier, dont une racine au moins."""
    try:
        known = x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        known = []
    if not any(one.issuer == one.subject for one in known):
        reason = f"« {path} » ne contient aucun certificat racine (PEM)"
        raise BadRequest(f"{reason} : demandez-le à l'autorité")
    return known


def stamps_in(found: Zip) -> list[str]:
    """Les horodatages d'un dossier, sans le « .tsr » de leurs noms."""
    known = re.compile(r"horodatage/\d{4}-\d\d-\d\d\.tsr")
    return [name[:-4] for name in sorted(found.places) if known.fullmatch(name)]


def check_stamps(
    found: Zip,
    expected: set[str],
    anchors: list[Any] | None,
    origin: str,
    roots: dict[int, bytes],
) -> int:
    """Chaque horodatage, et que ce qu'il date est ce journal, à cette taille ; rend leur nombre.

    Les racines sont celles que donnent les entrées, à chaque taille horodatée.
    """
    by = "certificat trouvé dans le dossier" if anchors is None else "racine que vous donnez"
    stamps = stamps_in(found)
    for base in stamps:
        names = [f"{base}.tsr", f"{base}.pem", f"{base}.note"]
        expected |= set(names)
        answer, certificates, note = map(found.read, names)
        try:
            when, authority = check_token(answer, certificates, note, anchors)
            print(f"         horodaté le {when:%d/%m/%Y à %H:%M:%S} UTC par {authority} ({by})")
        except StampRefused as error:
            reason, *remedy = error.args
            fault(names[0], f"l'horodatage ne tient pas : {reason}", *remedy)
        except (ValueError, LookupError, TypeError, StopIteration):  # du DER, ou du PEM, abîmé
            reason = "lui, ou le certificat qui va avec lui, est illisible"
            fault(names[0], f"l'horodatage ne tient pas : {reason}")
        told = note_in(note)
        if told is None:
            fault(names[2], "ce n'est pas un point de contrôle")
        elif told[0] != origin or roots.get(told[1]) != told[2]:
            fault(names[2], "ce qui y est horodaté n'est pas ce journal à cette taille")
    if anchors is not None and not stamps:
        fault("horodatage/", "il n'y a aucun horodatage", NOT_STAMPED)
    return len(stamps)


# --- les événements ------------------------------------------------------------------------------


class Story:
    """Ce que disent les événements, dans leur ordre : définitions publiées, passages des cas."""

    def __init__(self, *, partial: bool) -> None:
        self.partial = partial
        self.last = 0
        self.versions: dict[str, int] = {}
        self.definitions: dict[str, tuple[int, bytes]] = {}
        self.ways: dict[str, dict[str, Any]] = {}
        self.legs: dict[str, dict[str, list[Any]]] = {}
        self.first: dict[str, str] = {}
        self.recognised: dict[str, str] = {}
        self.poles: set[str] = set()
        self.names: dict[str, tuple[str, int, str]] = {}
        self.named: dict[str, str] = {}
        self.events = 0

    def entry(self, index: int, entry: bytes) -> Any:
        """Ce que dit une entrée, qui doit suivre les précédentes."""
        match = read_entry(entry)
        if match is None or int(match[2]) != index:
            fault(index, "son entrée n'est pas celle d'un événement de cette place")
            return None
        recorded, version, stream = int(match[6]), int(match[5]), match[7]
        before = self.versions.get(stream, 0)
        if recorded <= self.last:
            fault(index, "son heure ne suit pas celle du précédent")
        if version != before + 1 and not (self.partial and version > before):
            fault(index, "sa version ne suit pas la précédente de la même histoire")
        if match[4].startswith("pole."):
            self.poles.add(stream)
        self.last, self.versions[stream] = recorded, version
        return match

    def hear(self, index: int, entry: bytes, state: bytes | None) -> None:
        told = self.entry(index, entry)
        if state is None:
            fault(index, "son état manque, ou n'est pas écrit comme il faut")
        if told is None or state is None:
            return
        self.events += 1
        if urlsafe_b64encode(sha256(state).digest()).rstrip(b"=").decode() != told[1]:
            fault(index, "son état n'est pas celui de son entrée")
            return
        try:
            plain = loaded(state)
            if plain["meta"]["event_id"] != told[3]:
                fault(index, "son identité n'est pas celle de son état")
            if told[4] in DEFINITIONS:
                self.publish(index, plain, *DEFINITIONS[told[4]])
            self.step(index, told, plain)
            if self.partial:
                self.hear_name(told, plain)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            fault(index, "son état n'a pas la forme attendue")

    def publish(self, index: int, state: Any, folder: str, member: str) -> None:
        content = state[member]
        ref, text = f"{content['id']}@{content['version']}", canonical(content)
        if sha256(text).hexdigest() != state["digest"]:
            fault(index, "l'empreinte de la définition n'est pas la sienne")
        self.definitions[f"{folder}/{ref}.json"] = (index, text)
        if member == "journey":
            self.ways[ref] = {way["id"]: way for way in content["transitions"]}

    def hear_name(self, told: Any, state: Any) -> None:
        """Retient un nom du pôle, ou ce qui en corrige ou en retire un."""
        identity, corrected = state["meta"]["event_id"], state.get("corrects")
        place = identity if state["kind"] == "assert" else self.named.get(corrected, corrected)
        if state["kind"] == "retract":
            self.names.pop(place, None)
        elif told[4] in NAMING and isinstance(state["name"], str):
            day, known = state["valid_from"] or paris_day(int(told[6])), self.names.get(place)
            self.names[place] = (day, known[1] if known else int(told[5]), state["name"])
            self.named[identity] = place

    def name(self) -> str:
        """Le dernier nom que les événements montrés donnent au pôle, entre guillemets."""
        if not self.names:
            return "sans nom"
        name = max(self.names.values())[2][:200]
        return f"« {''.join(one if one.isprintable() else '?' for one in name)} »"

    def step(self, index: int, told: Any, state: Any) -> None:
        """Retient un passage, ou ce qui en corrige ou en retire un."""
        stream, topic = told[7], told[4]
        day = state["valid_from"] or paris_day(int(told[6]))
        if topic == "pole.recognition_attached.v1":
            if state.get("recognition_kind") in ARTICLE_9:
                self.recognised[stream] = min(day, self.recognised.get(stream, day))
            return
        legs = self.legs.setdefault(stream, {})
        identity, corrected = state["meta"]["event_id"], state.get("corrects")
        place = self.first.get(corrected, corrected) if state["kind"] != "assert" else None
        if state["kind"] == "retract":
            legs.pop(place or "", None)
            return
        leg = self.leg_of(index, topic, state)
        if leg and place is None:
            legs[identity] = [day, int(told[5]), index, *leg]
        elif leg and place in legs:
            self.first[identity] = place
            legs[place] = [day, legs[place][1], index, *leg]

    def leg_of(self, index: int, topic: str, state: Any) -> tuple[str, str | None, str] | None:
        """Le parcours d'un passage, d'où il part, où il mène."""
        if "transition" in state and "verdicts" in state:
            way = self.ways.get(state["journey"], {}).get(state["transition"])
            left, reached = state["from"], state["to"]
            if way is None or left not in way["from"] or reached != (way.get("to") or left):
                fault(index, f"le parcours {state['journey']} n'a pas ce passage")
            return state["journey"].partition("@")[0], left, reached
        if topic.endswith(".migrated.v1"):
            came = state.get("came_from")
            return (state["to"].partition("@")[0], came, state["state"]) if came else None
        reached = state.get("state" if topic.endswith(".journey_begun.v1") else "stage")
        if isinstance(reached, str) and isinstance(state.get("journey"), str):
            return state["journey"].partition("@")[0], None, reached
        return None

    def finish(self) -> int:
        """Suit chaque cas sur chaque parcours ; rend le nombre de passages."""
        count = 0
        for stream, legs in self.legs.items():
            at: dict[str, str] = {}
            for day, _, index, journey, left, reached in sorted(legs.values()):
                known = stream in self.recognised and self.recognised[stream] <= day
                by_itself = known and left in BY_ITSELF
                if left and at.get(journey, left) != left and not by_itself:
                    fault(index, f"il part de « {left} », le précédent mène à « {at[journey]} »")
                at[journey] = reached
                count += left is not None
        return count


def read_entry(entry: bytes) -> Any:
    match = ENTRY.fullmatch(entry.decode("latin-1"))
    if match is None or max(int(match[2]), int(match[5]), int(match[6])) > LARGEST_NUMBER:
        return None
    return match


def paris_day(microseconds: int) -> str:
    """Le jour qu'il était à Paris."""
    return paris(microseconds // 1_000_000).date().isoformat()


def paris(second: int) -> datetime:
    """L'heure qu'il était à Paris (heure d'été du dernier dimanche de mars à celui d'octobre)."""
    now = datetime.fromtimestamp(second, UTC)
    ends = [datetime(now.year, month, 31, 1, tzinfo=UTC) for month in (3, 10)]
    start, end = (day - timedelta(days=(day.weekday() + 1) % 7) for day in ends)
    ahead = timedelta(hours=2 if start <= now < end else 1)
    return now + (ahead if now <= datetime.max.replace(tzinfo=UTC) - ahead else timedelta())


def states(found: Zip) -> Iterator[tuple[int, bytes]]:
    last = -1
    for number, line in enumerate(found.lines("etats.jsonl"), 1):
        match = LINE.fullmatch(line)
        try:
            text = json.loads(match[2]) if match else None
            index = int(match[1]) if match else -1
            again = f'{{"i":{index},"state":{json.dumps(text, ensure_ascii=False)}}}\n'.encode()
        except ValueError:
            text, index, again = None, -1, b""
        if not isinstance(text, str) or again != line or index <= last:
            fault("etats.jsonl", f"la ligne {number} n'est pas écrite comme il faut")
            continue
        last = index
        yield index, text.encode()


def tell(found: Zip, entries: Iterator[Any], story: Story) -> None:
    """Rapproche chaque entrée de son état."""
    lines = states(found)
    line = next(lines, None)
    for index, entry in entries:
        while line is not None and line[0] < index:
            fault(line[0], "cet état n'a pas d'entrée")
            line = next(lines, None)
        is_there = line is not None and line[0] == index
        story.hear(index, entry, line[1] if is_there and line else None)
        line = next(lines, None) if is_there else line
    while line is not None:
        fault(line[0], "cet état n'a pas d'entrée")
        line = next(lines, None)


# --- tout à la suite -----------------------------------------------------------------------------


def told_of(found: Zip, index: int, size: int) -> str:
    """De quel genre est l'événement d'une place, et quand il fut enregistré, si cela se lit."""
    proof = found.read(f"preuves/{index}.tlog-proof")
    if proof:
        entry = exact(proof.decode("latin-1").partition("\nextra ")[2].split("\n")[0]) or b""
    else:
        width = max(1, min(256, size - index // 256 * 256))
        content = found.read(f"tile/entries/{tile_name(index // 256, width)}")
        at = 0
        for _ in range(index % 256):
            at += 2 + int.from_bytes(content[at : at + 2], "big")
        entry = content[at + 2 : at + 2 + int.from_bytes(content[at : at + 2], "big")]
    match = read_entry(entry)
    if match is None:
        return ""
    when = instant(int(match[6]) // 1_000_000)
    return f" (« {kind_in_words(match[4])} », enregistré {when})"


def verify(
    file: IO[bytes],
    policy: tuple[str, OutsidePolicy] | None,
    anchors: list[Any] | None,
    *,
    lenient: bool,
) -> None:
    found = Zip(file)
    if missing := {"checkpoint", "etats.jsonl", "manifeste.json", "policy"} - set(found.places):
        raise NotReadable(f"il y manque « {min(missing)} »")
    note = found.read("checkpoint")
    form = note_in(note)
    if form is None:
        raise NotReadable("checkpoint : ce n'est pas un point de contrôle")
    (origin, size, root), expected = form, set(ALWAYS)
    before = len(faults)
    pole = check_manifest(found, origin, size)
    said(f"le manifeste : {counted(len(found.places), 'fichier')}", before)
    before, story = len(faults), Story(partial=pole is not None)
    read = entries_of_pole if pole else entries_of_log
    if not pole and size > 256 * len(found.places):
        raise NotReadable("checkpoint : sa taille dépasse ce qu'il contient")
    stamped = [note_in(found.read(f"{base}.note")) for base in stamps_in(found)]
    roots, wanted = {size: root}, {told[1] for told in stamped if told}
    arguments: Any = (found, size, roots, expected, wanted)
    tell(found, read(*((found, note, size, root, expected) if pole else arguments)), story)
    for name, (index, text) in story.definitions.items():
        expected.add(name)
        if found.read(name) != text:
            reason = f"cette définition n'est pas celle que publie l'événement n° {index + 1}"
            fault(name, reason)
    if pole and story.poles != {pole}:
        fault("manifeste.json", "les événements ne sont pas ceux de ce seul pôle")
    said(f"les entrées, la racine, les états : {counted(story.events, 'événement')}", before)
    before = len(faults)
    stamps = check_stamps(found, expected, anchors, origin, roots)
    if stamps or anchors is not None:
        said(f"les horodatages : {stamps}", before)
    before = len(faults)
    keys, signed = check_note(found, expected, lenient=lenient)
    if policy:
        check_policy(policy[1], policy[0], keys, signed, origin)
    said("les signatures" + (", et la politique donnée" if policy else ""), before)
    before = len(faults)
    steps = story.finish()
    said(f"le chemin des cas : {counted(steps, 'passage')}", before)
    for name in sorted(set(found.places) ^ expected):
        fault(name, "il manque" if name in expected else "il n'a rien à faire dans ce dossier")
    print(f"  journal {origin}, {counted(size, 'événement')}, racine {root.hex()}")
    if pole:
        told = f"{story.name()} ({pole})"
        print(f"  dossier d'un seul pôle, {told} : {counted(story.events, 'événement')} à voir.")
    for place, reason in faults[:SHOWN]:
        about = told_of(found, place, size) if isinstance(place, int) else ""
        print(f"{said_of(place)}{about} : {reason}", file=sys.stderr)
    if not stamps:
        print("  aucun horodatage : rien ne dit quand ce point de contrôle existait")
    if not policy:
        print("  signé par les clés que le dossier contient lui-même : comparez-les, la ligne")
        print("  entière, à celles que vous tenez d'ailleurs, ou donnez « --politique » :")
        for key in keys:
            short = f"{key.id.hex()} (entière dans « cles/{key.id.hex()}.vkey »)"
            print(f"    {key.name}, {key.algorithm}, {short if key.kind == 6 else key.text}")


class Request(argparse.ArgumentParser):
    """Ce qui est demandé sur la ligne de commande ; ce qui ne convient pas se dit en français."""

    def error(self, message: str) -> NoReturn:
        del message  # d'argparse, en anglais
        told = "« python3 verify.py --help » dit comment demander"
        print(f"Demande mal formée : {told}. Rien n'a été vérifié.", file=sys.stderr)
        raise SystemExit(2)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "Usage : ", 1)


# --- les genres d'événements, en français --------------------------------------------------------

KINDS = """\
*.ballot_cast Bulletin
*.deadline_passed Échéance dépassée
*.deadline_reminded Rappel d'échéance
*.journey_begun Nouveau parcours
*.migrated Changement de règles
*.moved Passage d'étape
*.recusal_declared Déport
*.vote_closed Vote clos
*.vote_opened Vote ouvert
*.vote_withdrawn Vote retiré
accompaniment.days_used Jours d'accompagnement utilisés
accompaniment.deliverable_handed Livrable de l'accompagnement
accompaniment.ended Fin de l'accompagnement
accompaniment.extended Prolongation de l'accompagnement
accompaniment.granted Accompagnement
account.described Nom ou adresse d'un compte
account.opened Compte ouvert
account.resumed Compte rouvert
account.role_granted Rôle donné
account.role_withdrawn Rôle retiré
account.suspended Compte suspendu
accounts.address_given Adresse d'un compte
appeal.lodged Recours formé
assessment.made Critère de 2012 apprécié
assessment.revised Appréciation révisée
assessment.withdrawn Appréciation retirée
call.advisers_named Avis à recueillir
call.bounds_set Montant par dossier
call.claim_attached Déclaration sur cet appel
call.closing_postponed Clôture reportée
call.committee_attached Comité composé pour cet appel
call.dossier_attached Dossier commencé
call.envelope_set Enveloppe fixée
call.planned Appel prévu
call.results_announced Résultats annoncés
call.session_attached Séance du comité convoquée
call.specified Cahier des charges fixé
call.wave_set Vague fixée
campaign.closed Clôture de la campagne de mise à jour
campaign.opened Ouverture de la campagne de mise à jour
charter.entered Version de charte inscrite
charter.network_signature_entered Réseau inscrit parmi les signataires
charter.published Charte publiée
charter_signature.followed_up Engagements suivis un à un
charter_signature.member_signed Signature de la charte locale par un membre
charter_signature.network_signed Signature de la charte par un réseau fondateur
charter_signature.signed Signature de la charte
charter_signature.superseded Signature remplacée
charter_signature.withdrawn Retrait de la signature de la charte
claim.corrected Déclaration remplacée
claim.recorded Déclaration
claim.retracted Retrait d'une déclaration
commitment.amended Avenant
commitment.award_withdrawn Soutien retiré
commitment.beneficiary_replaced Bénéficiaire remplacé
commitment.condition_found Condition constatée
commitment.condition_reported Condition rapportée
commitment.convention_drafted Convention rédigée
commitment.convention_signed Convention signée
commitment.decided Engagement financier décidé
commitment.essential_data_published Données essentielles publiées
commitment.expenses_justified Dépenses justifiées
commitment.funder_withdrew Retrait du financeur
commitment.granted_without_convention Aide accordée sans convention
commitment.instalment_received Versement reçu
commitment.recovery_ordered Reversement demandé
commitment.recovery_waived Remise accordée
commitment.report_accepted Rapport accepté
commitment.report_received Rapport reçu
commitment.report_returned Rapport renvoyé
commitment.siret_confirmed Numéro SIRET confirmé
commitment.siret_corrected Numéro SIRET corrigé, à confirmer
commitment.tranche_approved Tranche approuvée
commitment.tranche_cancelled Tranche annulée
commitment.tranche_claimed Tranche demandée
commitment.tranche_held Tranche retenue
commitment.tranche_paid Tranche payée
commitment.tranche_released Tranche reprise
committee.changed Composition du comité modifiée
committee.constituted Comité composé
committee.made_public Liste du comité rendue publique
committee.procedure_adopted Règlement intérieur adopté
committee.seat_filled Membre du comité nommé
committee.seat_vacated Siège du comité vacant
contribution.published Contribution parue
contribution.received Contribution reçue
contribution.refused Contribution non retenue
contribution.taken_down Contribution dépubliée
contribution.withdrawn Contribution retirée par son auteur
document.accepted Document accepté
document.erased Document effacé
document.filed Document versé
document.not_accepted Document écarté
document.superseded Document remplacé
dossier.analysed Analyse nationale
dossier.arrival_noted Date d'arrivée notée
dossier.award_withdrawn Soutien retiré
dossier.condition_assessed Condition examinée
dossier.decided Décision annoncée
dossier.drafted Dossier commencé
dossier.interest_declared Intérêt déclaré
dossier.notified Décision notifiée
dossier.opinion_asked Avis demandé
dossier.opinion_given Avis donné
dossier.opinion_withheld Avis demandé et non rendu
dossier.part_filed Pièce jointe au dossier
dossier.parts_missing Pièces demandées
dossier.ranked Classement régional
dossier.revised Dossier repris
dossier.submitted Dossier remis
erasure.person_erased Personne effacée
erasure.refused Effacement d'une personne refusé
erasure.requested Effacement d'une personne demandé
establishment.closed Établissement fermé
establishment.reopened Établissement de nouveau ouvert
evaluation.evaluator_designated Évaluateur désigné
evaluation.funders_declared Financeurs déclarés
evaluation.left_unobserved Indicateur non observé
evaluation.planned Tour d'évaluation prévu
evaluation.positioned Indicateur renseigné
evaluation.signed Positions soumises
evaluation.validated Positions validées
exchange.recorded Échange
fact.retracted Fait retiré
follow_up.constituted Comité de suivi constitué
follow_up.evaluation_planned Évaluation par un tiers prévue
follow_up.evaluation_received Évaluation par un tiers reçue
follow_up.meeting_withdrawn Réunion du comité de suivi retirée
follow_up.member_joined Un financeur siège au comité de suivi
follow_up.member_left Un financeur quitte le comité de suivi
follow_up.met Réunion du comité de suivi
follow_up.minutes_filed Compte rendu d'une réunion du comité de suivi
follow_up.recommendation_noted Recommandation
follow_up.recommendation_settled Suite donnée à une recommandation
following.assigned Suivi du pôle
following.ended Fin du suivi du pôle
funding_plan.cost_set Plan de financement : coût
funding_plan.drawn_up Plan de financement établi
funding_plan.funder_asked Financeur sollicité
funding_plan.funder_confirmed Financeur confirmé
funding_plan.funder_withdrew Financeur retiré
funding_plan.in_kind_set Plan de financement : contribution en nature
funding_plan.own_resources_set Plan de financement : ressources propres
grid.published Grille publiée
log.key_distrusted Clé du journal compromise
log.keys_changed Clés du journal changées
log.opened Journal ouvert sous un autre nom
mandate.given Mandat donné
mandate.revoked Mandat révoqué
message.bounced Message revenu
message.sent Message parti
payment_file.imported Fichier de paiements
place.year_loaded Année de codes ajoutée
pole.activity_described Activité
pole.attached Rattachement au pôle
pole.carrier_designated Structure porteuse
pole.charter_signature_attached Signature de la charte rattachée au pôle
pole.contact_attempted Prise de contact
pole.contest_answered Réponse à une contestation
pole.entry_described Rubrique renseignée
pole.entry_ended Fin d'une rubrique
pole.ess_confirmed Qualité d'entreprise de l'ESS confirmée
pole.evidence_filed Pièce versée
pole.fact_contested Fait contesté
pole.indicator_measured Mesure d'un indicateur
pole.located Territoire
pole.member_changed Changement d'un membre
pole.member_joined Nouveau membre
pole.member_left Départ d'un membre
pole.recognition_attached Reconnaissance rattachée au pôle
pole.recognition_ended Fin d'une reconnaissance du pôle
pole.registered Inscription au registre
pole.renamed Changement de nom
pole.succeeded Succède à un autre pôle
privacy_request.answered Réponse donnée
privacy_request.carried_out Décision exécutée
privacy_request.decided Décision sur la demande
privacy_request.extended Délai de réponse prolongé
privacy_request.received Demande reçue
project.declined Projet non retenu
project.ended Fin d'un projet
project.examined Contrôle de complémentarité
project.proposed Projet proposé
project.selected Projet retenu
project.support_withdrawn Soutien de l'État retiré
project.supported Projet soutenu par l'État
project.transferred Projet repris par un autre pôle
recognition.abandoned Constat de composition abandonné
recognition.ended Retrait de la reconnaissance
recognition.issued Reconnaissance
recognition.proposed Constat de composition proposé
recognition.replied Réponse du pôle au constat
register.pole_entered Code attribué
rulebook.journey_deprecated Version dépréciée
rulebook.journey_published Version de parcours publiée
session.agenda_changed Ordre du jour modifié
session.attendance_noted Présence notée
session.ballot_cast Vote
session.ballot_corrected Bulletin corrigé
session.closed Séance close
session.convened Séance convoquée
session.deliberated Délibération
session.deliberation_superseded Délibération remplacée
session.interest_declared Membre déporté
session.minutes_approved Procès-verbal approuvé
session.minutes_drawn Procès-verbal dressé
session.opened Séance ouverte
session.put_to_vote Mis aux voix
shelf.received Document versé
single_undertaking.aid_declared Aide de minimis déclarée
single_undertaking.aid_granted Aide de minimis accordée
single_undertaking.aid_lowered Aide de minimis réduite
single_undertaking.attested Attestation des aides de minimis
single_undertaking.identified Entreprise suivie pour les aides de minimis
single_undertaking.joined Entreprises liées
single_undertaking.parted Entreprises déliées
snapshot.closed Arrêté des listes
undertaking.assessed Engagement apprécié
undertaking.extended Engagement : échéance donnée
undertaking.given Engagement pris
undertaking.released Engagement délié
undertaking.reported Engagement : compte rendu
update_request.confirmed Réponse à la campagne de mise à jour
update_request.reminded Rappel de la campagne de mise à jour
update_request.sent Demande de mise à jour
update_request.updated Réponse à la campagne de mise à jour
"""


def kind_in_words(topic: str) -> str:
    """Comment s'appelle un genre d'événement ; son code, si ce programme ne le connaît pas."""
    known = dict(line.split(" ", 1) for line in KINDS.splitlines())
    name = topic.rpartition(".v")[0]
    return known.get(name) or known.get("*." + name.partition(".")[2]) or topic


# --- ce qui est demandé --------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    parser = Request(
        usage="verify.py dossier.zip [--politique FICHIER] [--ca FICHIER] [--sans-mldsa]",
        description="Vérifie un dossier de preuve, hors ligne.",
        epilog="Codes de sortie : 0 tout tient ; 2 rien n'a été vérifié, faute de pouvoir lire ce "
        "qui est donné ; 3 cela ne tient pas, et pourquoi.",
        add_help=False,
        allow_abbrev=False,
    )
    add = parser.add_argument_group("À donner ").add_argument
    add("dossier", type=Path, help="le fichier .zip")
    told = "une politique tenue d'ailleurs"
    add("--politique", "--policy", type=Path, metavar="FICHIER", help=told)
    told = "le certificat racine de l'horodatage (PEM)"
    add("--ca", type=Path, metavar="FICHIER", help=told)
    add("--sans-mldsa", action="store_true", help="sans vérifier ML-DSA-44")
    add("-h", "--help", "--aide", action="help", help="montrer cette aide")
    given = parser.parse_args(arguments)
    faults.clear()
    remedies.clear()
    try:
        for path in filter(None, (given.politique, given.ca)):
            if path.is_dir() or not path.exists():
                raise BadRequest(f"« {path} » n'est pas un fichier")
        policy = given.politique and (given.politique.name, policy_in(given.politique))
        anchors = roots_in(given.ca) if given.ca else None
        if not given.dossier.is_file():
            raise BadRequest(f"« {given.dossier} » n'est pas un fichier")
        with given.dossier.open("rb") as file:
            if file.read(2) != b"PK" and given.dossier.suffix.lower() != ".zip":
                raise BadRequest(f"« {given.dossier} » n'est pas un dossier « .zip »")
            verify(file, policy, anchors, lenient=given.sans_mldsa)
    except BadRequest as error:
        print(f"{error}. Rien n'a été vérifié.", file=sys.stderr)
        faults.append((given.dossier.name, str(error)))
        return 2
    except NotReadable as error:
        faults.append((given.dossier.name, str(error)))
        print(f"Le dossier ne tient pas : {error}.", file=sys.stderr)
        return 3
    except OSError as error:
        named = error.filename or given.dossier
        print(f"« {named} » ne peut pas être lu. Rien n'a été vérifié.", file=sys.stderr)
        return 2
    if faults:
        plural = "s" if len(faults) > 1 else ""
        only_awaited = len(remedies) == len(faults)
        how = "ne tient pas"
        if only_awaited:
            how = "ne répond pas à votre politique"
            if TOO_OLD in remedies:
                how = "n'est pas vérifié"
            elif {OTHER_AUTHORITY, NOT_STAMPED}.issuperset(remedies):
                how = "n'a pas l'horodatage que vous demandez"
        print(f"Le dossier {how} : {len(faults)} défaut{plural}.", file=sys.stderr)
        for told in dict.fromkeys(remedies) if only_awaited else [WHAT_NEXT]:
            print(told, file=sys.stderr)
        return 3
    print("Le dossier tient.")
    return 0


def policy_in(path: Path) -> OutsidePolicy:
    try:
        return OutsidePolicy(path.read_bytes())
    except ValueError as error:
        raise BadRequest(f"La politique « {path} » est mal formée ({error})") from None


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # un terminal
    sys.exit(main(sys.argv[1:]))
