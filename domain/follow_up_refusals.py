"""What a follow-up committee refuses, and why."""

from domain.errors import NotFound, Refused


class UnknownFollowUp(NotFound):
    """There is no such committee."""

    code = "follow_up.unknown"
    fr = "Aucun comité de suivi ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No follow-up committee is called “{name}”: give its code, or its identity."


class FollowUpStands(Refused):
    """A pole has one follow-up committee at a time."""

    code = "follow_up.stands"
    fr = "Ce pôle a déjà un comité de suivi, qui n'est pas dissous : {code}."
    en = "This pole already has a follow-up committee, which is not dissolved: {code}."


class NotStanding(Refused):
    """What a committee does, it does while it stands."""

    code = "follow_up.not_standing"
    fr = "Ce comité de suivi ne siège pas le {day} : il siège de sa constitution à sa dissolution."
    en = (
        "This follow-up committee did not sit on {day}: it sits from its constitution until it is "
        "dissolved."
    )


class MetThatDay(Refused):
    """Two meetings of one day are one, entered twice (product rule)."""

    code = "follow_up.met"
    fr = "Une réunion du {day} est déjà enregistrée."
    en = "A meeting of {day} is already recorded."


class NoMeetingThatDay(NotFound):
    """There was no such meeting."""

    code = "follow_up.no_meeting"
    fr = "Aucune réunion du {day} n'est enregistrée."
    en = "No meeting of {day} is recorded."


class MeetingDayWanted(Refused):
    """A meeting takes place on a day."""

    code = "follow_up.day"
    fr = "Une réunion se tient un jour : donnez ce jour en entier (AAAA-MM-JJ)."
    en = "A meeting takes place on a day: give that whole day (YYYY-MM-DD)."


class SitsAlready(Refused):
    """An organisation sits once."""

    code = "follow_up.sits"
    fr = "« {name} » siège déjà à ce comité de suivi le {day}."
    en = "“{name}” already sits on this follow-up committee on {day}."


class DoesNotSit(NotFound):
    """Who leaves sat."""

    code = "follow_up.does_not_sit"
    fr = "« {name} » ne siège pas à ce comité de suivi le {day} ; y siègent : {known}."
    en = "“{name}” does not sit on this follow-up committee on {day}; those who do: {known}."


class EvaluationPlannedTwice(Refused):
    """A name is given to one evaluation."""

    code = "follow_up.evaluation_planned"
    fr = "Une évaluation « {name} » est déjà prévue."
    en = "An evaluation “{name}” is already planned."


class EvaluationNotPlanned(NotFound):
    """What is received was planned."""

    code = "follow_up.evaluation_unknown"
    fr = "Aucune évaluation « {name} » n'est prévue le {day} ; il y a : {known}."
    en = "No evaluation “{name}” is planned on {day}; there is: {known}."


class EvaluationAlreadyReceived(Refused):
    """A report is received once."""

    code = "follow_up.evaluation_received"
    fr = "L'évaluation « {name} » est déjà reçue, depuis le {day}."
    en = "The evaluation “{name}” is already received, since {day}."


class NotReceivedYet(Refused):
    """Recommendations are those of a report that was received."""

    code = "follow_up.not_received"
    fr = "L'évaluation « {name} » n'était pas reçue le {day} : elle ne recommandait encore rien."
    en = "The evaluation “{name}” was not received on {day}: it recommended nothing yet."


class NoSuchRecommendation(NotFound):
    """There is no such recommendation."""

    code = "follow_up.no_recommendation"
    fr = "Ce comité de suivi n'a pas, le {day}, de recommandation n° {number}."
    en = "On {day} this follow-up committee has no recommendation no. {number}."


class FollowUpKnownLater(Refused):
    """What becomes of a member, or of a recommendation, is told in the order of its days."""

    code = "follow_up.known_later"
    is_of_order = True
    fr = "Un fait plus récent, du {day}, est déjà enregistré à ce sujet."
    en = "A more recent fact, of {day}, is already recorded about this."
