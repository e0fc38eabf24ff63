"""The ways in which a session of a committee says no."""

from domain.distinct import AnotherPerson
from domain.errors import Forbidden, NotFound, Refused


class NotAtThisStage(Refused):
    """Each act of a session has its time."""

    code = "session.stage"
    fr = "Cet acte ne se fait pas à ce moment de la séance : {stands}."
    en = "This is not done at this point of the session: {stands}."


class NoticeTooShort(Refused):
    """Members are convened some days before (article R. 133-8), unless it is urgent."""

    code = "session.notice"
    fr = (
        "Convoqué {day}, le comité ne peut se réunir ou se prononcer sur cet ordre du jour "
        "qu'à partir du {first} ({days} jours) ; en cas d'urgence, dites pourquoi (urgency)."
    )
    en = (
        "Convened on {day}, the committee can meet on this agenda from {first} on ({days} days); "
        "where it is urgent, say why (urgency)."
    )


class ModeNotAllowed(Refused):
    """Meeting at a distance, or voting in writing, is for the rules of procedure to allow."""

    code = "session.mode"
    fr = "Le règlement intérieur du comité ne permet pas {mode}."
    en = "The rules of procedure of the committee do not allow {mode}."


class WrittenVoteEnds(Refused):
    """A vote in writing has a beginning and an end; a meeting has none that is set."""

    code = "session.until"
    fr = (
        "Un vote écrit demande l'heure de sa fin (until), après son début ; une réunion n'en a pas."
    )
    en = "A written vote needs the minute of its end (until), after its beginning; a meeting none."


class EmptyAgenda(Refused):
    """A session is about some dossiers, each once."""

    code = "session.agenda"
    fr = "L'ordre du jour compte au moins un dossier, et chaque dossier une seule fois."
    en = "The agenda has one dossier at least, and each dossier once."


class NotOnTheAgenda(Refused):
    """Only what is on the agenda is deliberated."""

    code = "session.off_agenda"
    fr = "Ce dossier n'est pas à l'ordre du jour de la séance."
    en = "This dossier is not on the agenda of the session."


class NoSecondNotice(Refused):
    """Without a quorum, the same agenda is convened again, where the rules allow it (R. 133-10)."""

    code = "session.second_notice"
    fr = "Cette séance ne peut pas être une seconde convocation : {reason}."
    en = "This session cannot be a second notice: {reason}."


class BeforeTheSession(Refused):
    """Nothing takes place in a session before it, nor before what was recorded of it."""

    code = "session.before"
    fr = "Rien de cette séance ne peut être daté du {day} : il faut le {since} au plus tôt."
    en = "Nothing of this session can be dated {day}: {since} at the earliest."


class UnknownSeat(NotFound):
    """The committee has no such seat."""

    code = "session.seat"
    fr = "Le comité n'a pas de siège « {seat} » ; il a : {known}."
    en = "The committee has no seat “{seat}”; it has: {known}."


class ProxyRefused(Refused):
    """A member is represented by another who is there, within the rules of procedure (R. 133-9)."""

    code = "session.proxy"
    fr = "« {seat} » ne peut pas être représenté ainsi : {reason}."
    en = "“{seat}” cannot be represented so: {reason}."


class RecusedMember(Forbidden):
    """Who has an interest takes no part, for themself or for others."""

    code = "session.recused"
    fr = (
        "« {seat} » s'est déporté de ce dossier : sa voix n'y compte pas, ni pour lui ni pour "
        "autrui (code des relations entre le public et l'administration, art. R. 133-12)."
    )
    en = "“{seat}” is recused from this dossier: no voice counts there, its own or another's."


class AlreadyRecused(Refused):
    """An interest is declared once."""

    code = "session.already_recused"
    fr = "« {seat} » s'est déjà déporté de ce dossier."
    en = "“{seat}” is already recused from this dossier."


class NoVoice(Forbidden):
    """Some seats are consulted and do not vote."""

    code = "session.no_voice"
    fr = "« {seat} » siège sans voix délibérative."
    en = "“{seat}” sits without a voice."


class NotTakingPart(Refused):
    """Who votes is there, or is represented by who votes for them."""

    code = "session.not_there"
    fr = "« {seat} » ne peut pas voter ainsi : {reason}."
    en = "“{seat}” cannot vote so: {reason}."


class SeatVoted(Refused):
    """One ballot a seat and item."""

    code = "session.voted"
    fr = "« {seat} » a déjà voté : un bulletin ne se change que par une correction motivée."
    en = "“{seat}” has already voted: a ballot is changed by a reasoned correction only."


class NoBallotThere(Refused):
    """What is corrected was cast."""

    code = "session.no_ballot"
    fr = "« {seat} » n'a pas de bulletin « {other} » à corriger sur ce dossier."
    en = "“{seat}” has no ballot to correct to “{other}” on this dossier."


class NothingPutToVote(Refused):
    """A vote is on a proposal."""

    code = "session.no_proposal"
    fr = "Rien n'est soumis au vote sur ce dossier : dites d'abord ce qui est proposé."
    en = "Nothing is put to the vote on this dossier: say first what is proposed."


class VoteNotConcluded(Refused):
    """A vote is concluded before another begins, and before the session closes."""

    code = "session.pending"
    fr = "Un vote est en cours sur ce dossier, avec des bulletins : concluez-le d'abord."
    en = "A vote is under way on this dossier, with ballots: conclude it first."


class DossierAlreadyDecided(Refused):
    """A dossier is decided once, or again on the record."""

    code = "session.decided"
    fr = (
        "Le comité a déjà délibéré de ce dossier ({code}) : un bulletin contesté se corrige avant "
        "l'approbation du procès-verbal ; après, une nouvelle délibération le remet à l'ordre du "
        "jour d'une autre séance."
    )
    en = (
        "The committee has already deliberated of this dossier ({code}): a contested ballot is "
        "corrected before the minutes are approved; after that, a new deliberation puts it on the "
        "agenda of another session."
    )


class QuorumLacking(Refused):
    """Nothing is deliberated without a quorum."""

    code = "session.quorum"
    fr = "Le quorum n'est pas atteint sur ce dossier : {quorum}."
    en = "There is no quorum on this dossier: {quorum}."


class StillVoting(Refused):
    """A vote in writing is counted when it is over, or when everybody has voted."""

    code = "session.written"
    fr = "Le vote écrit court jusqu'au {until} : il se conclut ensuite, ou quand tous ont voté."
    en = "The written vote runs until {until}: it is concluded then, or when all have voted."


class WrittenVoteOver(Refused):
    """A ballot comes in time, or does not count."""

    code = "session.written_over"
    fr = "Le vote écrit a pris fin le {until} : ce bulletin vient trop tard."
    en = "The written vote ended on {until}: this ballot comes too late."


class ProposalIncoherent(Refused):
    """What is proposed says what it gives, and no more."""

    code = "session.proposal"
    fr = "Cette proposition ne tient pas : {reason}."
    en = "This proposal does not hold: {reason}."


class OutOfBounds(Refused):
    """A call gives each dossier so much at least, and so much at most."""

    code = "session.bounds"
    fr = "{amount} sort des limites de l'appel pour un dossier : {bounds}."
    en = "{amount} is out of the bounds of the call for one dossier: {bounds}."


class EnvelopeExceeded(Refused):
    """The sum granted never exceeds the envelope."""

    code = "session.envelope"
    fr = "{amount} dépasse ce qui reste de l'enveloppe de l'appel : il reste {left}."
    en = "{amount} exceeds what is left of the envelope of the call: {left}."


class NoEnvelope(Refused):
    """Money is not granted out of an envelope that nobody knows."""

    code = "session.no_envelope"
    fr = "L'enveloppe de l'appel n'est pas connue : aucun montant ne peut être retenu sur elle."
    en = "The envelope of the call is not known: no amount can be granted out of it."


class RankTaken(Refused):
    """No two dossiers have one rank on the reserve list."""

    code = "session.rank"
    fr = "Le rang {rank} de la liste de réserve est déjà pris dans cette vague."
    en = "Rank {rank} of the reserve list is already taken in this wave."


class RankWanting(Refused):
    """The reserve list is ranked from the first on, without a gap."""

    code = "session.rank_wanting"
    fr = "Il manque le rang {rank} de la liste de réserve : elle se suit depuis le premier."
    en = "Rank {rank} of the reserve list is wanting: it goes on from the first."


class UnknownSession(NotFound):
    """There is no such session."""

    code = "session.unknown"
    fr = "Aucune séance ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No session is called “{name}”: give its code, or its identity."


class RecordedSince(Refused):
    """Minutes that are approved tell everything that was recorded."""

    code = "session.minutes_stale"
    fr = (
        "Quelque chose a été enregistré depuis que ce procès-verbal a été dressé : "
        "dressez-le de nouveau avant de l'approuver."
    )
    en = "Something was recorded since these minutes were drawn: draw them again before approval."


class OtherMinutes(Refused):
    """What is approved is what was drawn."""

    code = "session.minutes_other"
    fr = "Le texte du procès-verbal n'est pas celui qui a été dressé : dressez-le de nouveau."
    en = "The text of the minutes is not the one that was drawn: draw them again."


class OwnMinutes(AnotherPerson, Forbidden):
    """Who approves the minutes is not who drew them (product rule)."""

    code = "session.minutes_own"
    fr = "Vous avez dressé ce procès-verbal : une autre personne, membre du comité, l'approuve."
    en = "You drew these minutes: somebody else, of the committee, approves them."


class NothingToSupersede(Refused):
    """A decision that is deliberated again was taken, and its minutes approved."""

    code = "session.nothing_to_supersede"
    fr = (
        "La séance {code} n'a pas, sur ce dossier, de décision approuvée qui reste à remplacer : "
        "une nouvelle délibération vient après l'approbation du procès-verbal."
    )
    en = (
        "The session {code} has no approved decision on this dossier that still stands: "
        "a new deliberation comes after the minutes are approved."
    )
