"""Why nobody came in through a provider of identity, each said to the person who tried."""

from domain.errors import Forbidden, Refused, Unavailable


class ProviderSilent(Unavailable):
    """The provider does not answer in time, or answers nothing that can be read."""

    code = "openid.silent"
    fr = "« {name} » ne répond pas : réessayez dans un moment, ou connectez-vous autrement."
    en = "“{name}” does not answer: try again in a moment, or sign in some other way."


class ProviderDeclines(Unavailable):
    """The provider does not take what this registry asks; the technical log says why."""

    code = "openid.declined"
    fr = (
        "« {name} » n'accepte pas la demande de ce registre : connectez-vous autrement, et "
        "prévenez l'administration du registre, dont le journal technique dit pourquoi."
    )
    en = (
        "“{name}” does not accept the request of this registry: sign in some other way, and tell "
        "the administrators of the registry, whose technical log says why."
    )


class IdentityNotVerified(Forbidden):
    """What the provider answered cannot be shown to be its own, and meant for this sign-in."""

    code = "openid.not_verified"
    fr = (
        "La réponse de « {name} » n'a pas pu être vérifiée : vous n'êtes pas connecté. "
        "Recommencez ; si cela se reproduit, prévenez l'administration du registre."
    )
    en = (
        "The answer of “{name}” could not be verified: you are not signed in. Start again; if it "
        "happens once more, tell the administrators of the registry."
    )


class GivenUp(Refused):
    """The person did not go through with it at the provider."""

    code = "openid.given_up"
    fr = (
        "Vous n'êtes pas allé au bout chez « {name} » : recommencez quand vous voulez, ou "
        "connectez-vous autrement."
    )
    en = (
        "You did not go through with it at “{name}”: start again whenever you like, or sign in "
        "some other way."
    )
