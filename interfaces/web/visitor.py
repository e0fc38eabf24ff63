"""Who reads a page, in which role they act, and that what they send comes from a page of ours."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from fastapi import Request, Response

from application.account_sheet import READERS
from application.command import By
from domain.errors import Forbidden
from domain.roles import ROLES, Role
from interfaces.wiring import Caller, Product, SignedIn

SESSION_COOKIE, FORM_COOKIE = "jalon-session", "jalon-form"
LONGEST_TOKEN = 100


class SentFromElsewhere(Forbidden):
    """What is sent in somebody's name was not sent from a page of this registry."""

    code = "form.elsewhere"
    fr = (
        "Cet envoi ne vient pas d'une page de ce registre, ou la page est trop ancienne : rien n'a "
        "été enregistré. Rouvrez la page et recommencez."
    )
    en = (
        "This was not sent from a page of this registry, or the page is too old: nothing was "
        "recorded. Open the page anew and try again."
    )


class SignInWanted(Forbidden):
    """Some pages are for those who are signed in."""

    code = "sign_in.wanted"
    fr = "Connectez-vous pour voir cette page."
    en = "Sign in to see this page."


@dataclass(slots=True)
class Visitor:
    """Whoever asks for a page; anybody, unless signed in."""

    signed_in: SignedIn | None
    secret: str
    """The secret of the session, or of the forms of whoever has none."""
    is_new: bool
    """Whether the secret is the forms' and not yet in a cookie."""
    is_shown_a_form: bool = False

    @property
    def by(self) -> By | None:
        """In whose name they act; nobody's, unless signed in."""
        return self.signed_in.session.by if self.signed_in else None

    @property
    def name(self) -> str:
        return self.signed_in.name if self.signed_in else ""

    @property
    def role_in_words(self) -> str:
        return ROLES[self.by.role] if self.by else ROLES[Role.PUBLIC]

    @property
    def administers(self) -> bool:
        """Whether they see to accounts."""
        return self.by is not None and self.by.role in READERS

    @property
    def form_token(self) -> str:
        """What each form sends along; it cannot be made without the cookie."""
        self.is_shown_a_form = True
        return hmac.digest(self.secret.encode(), b"form", "sha256").hex()

    def shown_a_form(self) -> str:
        """The secret by which this browser is known again, which it is given where it has none."""
        self.is_shown_a_form = True
        return self.secret

    def sent(self, token: str) -> bool:
        """Whether a form token is this visitor's."""
        return secrets.compare_digest(token[:LONGEST_TOKEN].encode(), self.form_token.encode())


T = TypeVar("T")


def reserved(request: Request, ask: Callable[[By], T]) -> tuple[T | None, str]:
    """What is not for everybody, where the visitor may read it; else why they may not."""
    by = visitor(request).by
    if by is None:
        return None, SignInWanted(roles="").say("fr")
    try:
        return ask(by), ""
    except Forbidden as refusal:
        return None, str(refusal)


def product_of(request: Request) -> Product:
    """The registry that is served."""
    product: Product = request.app.state.product
    return product


def visitor(request: Request) -> Visitor:
    """Who asks; looked up once a request."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        known = request.state.visitor = _visitor(request)
    return known


def signed_in(request: Request) -> SignedIn:
    """Who is signed in; refused where nobody is."""
    found = visitor(request).signed_in
    if found is None:
        raise SignInWanted(roles="")
    return found


def sign_off(request: Request) -> None:
    """From here on nobody is signed in: their session has just ended."""
    request.state.visitor = Visitor(None, secrets.token_urlsafe(32), is_new=True)


def address_of(request: Request) -> str:
    """Where the registry is reached, without a path."""
    return product_of(request).settings.public_address or str(request.base_url).rstrip("/")


def _visitor(request: Request) -> Visitor:
    product = product_of(request)
    secret = request.cookies.get(cookie(product, SESSION_COOKIE), "")
    found = product.desk.signed_in(secret) if secret else None
    if found:
        return Visitor(found, secret, is_new=False)
    secret = request.cookies.get(cookie(product, FORM_COOKIE), "")
    return Visitor(None, secret or secrets.token_urlsafe(32), is_new=not secret)


def cookie(product: Product, name: str) -> str:
    """The name of a cookie: bound to this host over https; plain on this machine alone.

    Not every browser takes the one for the other over http (RFC 6265bis, 4.1.3.2).
    """
    return f"__Host-{name}" if product.settings.public_address else name


def set_cookie(response: Response, product: Product, name: str, secret: str) -> None:
    """Give a browser a secret that no script reads and no other site sends along."""
    secure = bool(product.settings.public_address)
    response.set_cookie(
        cookie(product, name), secret, path="/", secure=secure, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, product: Product, name: str) -> None:
    """Take a secret back from a browser."""
    secure = bool(product.settings.public_address)
    response.delete_cookie(
        cookie(product, name), path="/", secure=secure, httponly=True, samesite="lax"
    )


def keep_form_secret(request: Request, response: Response) -> None:
    """Let whoever was shown a form send it."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known and known.is_shown_a_form and known.is_new:
        set_cookie(response, product_of(request), FORM_COOKIE, known.secret)


def guards_of(request: Request) -> dict[str, str]:
    """The headers that depend on who asks, and from where."""
    guards = {}
    if visitor(request).signed_in:
        guards["Cache-Control"] = "no-store"
    if product_of(request).settings.public_address:
        guards["Strict-Transport-Security"] = "max-age=31536000"
    return guards


async def must_come_from_here(request: Request) -> None:
    """Refuse what another site has a browser send (Fetch Metadata, Origin, and the form token)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in (None, "same-origin", "none") or (
        origin and not _same(origin, address_of(request))
    ):
        raise SentFromElsewhere(roles="")
    form = await request.form()
    token = form.get("_token")
    if not isinstance(token, str) or not visitor(request).sent(token):
        raise SentFromElsewhere(roles="")


def _same(origin: str, here: str) -> bool:
    one, other = urlsplit(origin), urlsplit(here)
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)


def local(path: str) -> str:
    """An address of this registry to go on to; its first page, where it is any other."""
    parts = urlsplit(path)
    is_ours = not parts.scheme and not parts.netloc and path.startswith("/")
    return path if is_ours and "\\" not in path and path.isprintable() else "/"


def client_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def caller_of(request: Request) -> Caller:
    """From where, and with what, somebody comes to sign in."""
    had = request.cookies.get(cookie(product_of(request), SESSION_COOKIE), "")
    return Caller(client=client_of(request), agent=agent_of(request), had=had)


BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")
_CALLED = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}


def agent_of(request: Request) -> str:
    """The browser in a few words, by which people know their sessions apart."""
    said = request.headers.get("user-agent", "")
    browser = next((name for name in BROWSERS if name in said), None)
    system = next((name for name in SYSTEMS if name in said), None)
    called = [_CALLED.get(name, name) for name in (browser, system) if name]
    return " sur ".join(called) or "un navigateur"
