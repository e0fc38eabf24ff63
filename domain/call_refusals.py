"""The ways in which a call says no."""

from domain.errors import Invalid, NotFound, Refused


class UnknownCall(NotFound):
    """There is no such call."""

    code = "call.unknown"
    fr = "Aucun appel ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No call is called “{name}”: give its code, or its identity."


class NoSuchWave(NotFound):
    """The call has no such wave."""

    code = "call.no_wave"
    fr = "L'appel {call} n'a pas de vague « {wave} » ; il a : {known}."
    en = "The call {call} has no wave “{wave}”; it has: {known}."


class NothingSpecified(Invalid):
    """A specification is a text: on file, or to be read somewhere."""

    code = "call.nothing_specified"
    fr = (
        "Un cahier des charges est un texte : donnez le document déposé (« document »), "
        "ou l'adresse où il se lit (« address »)."
    )
    en = "A specification is a text: give the document on file, or the address to read it at."


class TwiceTheSame(Invalid):
    """What is told apart by its name has one of its own."""

    code = "call.twice"
    fr = "« {name} » figure deux fois : chaque élément de la liste a son propre nom."
    en = "“{name}” comes twice: each element of the list has a name of its own."


class BoundsReversed(Invalid):
    """The least is not above the most."""

    code = "call.bounds"
    fr = "Le montant le plus faible ({least}) dépasse le plus élevé ({most})."
    en = "The least amount ({least}) is above the most ({most})."


class EnvelopeBelowAwards(Refused):
    """An envelope covers what was announced as granted from it."""

    code = "call.envelope_below_awards"
    fr = "L'enveloppe ne peut pas descendre à {asked} : les soutiens annoncés font {awarded}."
    en = "The envelope cannot go down to {asked}: what was announced comes to {awarded}."


class EnvelopeHeld(Refused):
    """An envelope goes no lower while what is decided from it is secret (product rule)."""

    code = "call.envelope_held"
    fr = (
        "L'enveloppe ne baisse pas tant que le comité délibère : elle pourra baisser une fois les "
        "résultats annoncés, jusqu'à la somme des soutiens."
    )
    en = (
        "The envelope goes no lower while the committee deliberates: it may once the results are "
        "announced, down to the sum of the awards."
    )


class ClosesBeforeItOpens(Invalid):
    """A wave closes after it opened."""

    code = "call.closes_first"
    fr = "La vague fermerait ({closes}) avant d'avoir ouvert ({opens})."
    en = "The wave would close ({closes}) before it opened ({opens})."


class MinuteAndDate(Invalid):
    """A date is given to the minute, or as far as it is known: not both."""

    code = "call.minute_and_date"
    fr = "Donnez l'heure exacte, ou la date telle qu'elle est connue, pas les deux ({name})."
    en = "Give the exact hour, or the date as far as it is known, not both ({name})."


class WaveHasOpened(Refused):
    """The dates of a wave under way change by a decision."""

    code = "call.wave_opened"
    fr = (
        "La vague « {wave} » a déjà ouvert : ses dates ne se redisent pas. "
        "Une clôture se reporte par une décision datée (« jalon call postpone »)."
    )
    en = (
        "The wave “{wave}” has opened already: its dates are not told anew. "
        "A closing is postponed by a dated decision."
    )


class WaveHasNoClosing(Refused):
    """Only a closing that is known is put off."""

    code = "call.no_closing"
    fr = "La vague « {wave} » n'a pas de clôture connue : il n'y a rien à reporter."
    en = "The wave “{wave}” has no known closing: there is nothing to postpone."


class ClosedAlready(Refused):
    """A closing is put off before it falls."""

    code = "call.closed_already"
    fr = (
        "La vague « {wave} » est close depuis le {closing} : "
        "une clôture ne se reporte qu'avant d'être tombée."
    )
    en = "The wave “{wave}” closed on {closing}: a closing is postponed before it falls only."


class DecidedTooEarly(Refused):
    """Nothing is decided of a call that is not planned yet."""

    code = "call.decided_too_early"
    fr = "La décision est du {day}, alors que l'appel n'est connu que depuis le {since}."
    en = "The decision is of {day}, and the call is known from {since} on only."


class DecidedTooLate(Refused):
    """The decision to put off a closing is taken before it falls."""

    code = "call.decided_too_late"
    fr = (
        "La décision est du {day}, après la clôture ({closing}) : "
        "une clôture ne se reporte qu'avant d'être tombée."
    )
    en = "The decision is of {day}, after the closing ({closing}): it comes too late."


class NotALaterClosing(Refused):
    """To postpone is to close later."""

    code = "call.not_later"
    fr = "La clôture est déjà le {closing} : un report la place plus tard, jamais plus tôt."
    en = "The closing is on {closing} already: a postponement puts it later, never earlier."


class AlreadyAttached(Refused):
    """A call has one committee, and each application and session once."""

    code = "call.attached"
    fr = "Cet appel a déjà un comité : modifiez-le, ou nommez ses membres."
    en = "This call has a committee already: modify it, or name its members."


class AlreadyAnnounced(Refused):
    """Results are announced once."""

    code = "call.announced"
    fr = "Les résultats de la vague « {wave} » sont annoncés depuis le {day}."
    en = "The results of the wave “{wave}” have been announced since {day}."


class AdvisersFull(Refused):
    """Six advisers in each college."""

    code = "call.college_full"
    fr = (
        "Le décret n° 2015-431 (article 4) prévoit six avis par collège : "
        "{number} sont nommés ici ({college})."
    )
    en = (
        "Decree 2015-431 (article 4) provides for six opinions in each college: "
        "{number} are named here ({college})."
    )


class CodeTaken(Refused):
    """Two calls do not share a code."""

    code = "call.code_taken"
    fr = "Un appel s'appelle déjà « {name} » : donnez un autre code."
    en = "A call is already called “{name}”: give another code."
