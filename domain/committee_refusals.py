"""What is refused of a committee, of its seats and of who holds them."""

from domain.errors import Invalid, NotFound, Refused


class UnknownCommittee(NotFound):
    """There is no such committee."""

    code = "committee.unknown"
    fr = "Aucun comité ne s'appelle « {name} » : donnez le code de son appel, ou son identifiant."
    en = "No committee is called “{name}”: give the code of its call, or its identity."


class SeatTwice(Invalid):
    """Seats are told apart by their names."""

    code = "committee.seat_twice"
    fr = "Deux sièges portent le même nom « {seat} » : chaque siège a le sien."
    en = "Two seats have the same name “{seat}”: each has its own."


class OneChair(Invalid):
    """A committee has one chair, and a voice at least (product rule)."""

    code = "committee.chair"
    fr = "Un comité a une présidence, et une seule : {number} sièges sont dits présider."
    en = "A committee has one chair, and one only: {number} seats are said to preside."


class NobodyVotes(Invalid):
    """A committee in which nobody votes decides nothing."""

    code = "committee.nobody_votes"
    fr = "Aucun siège n'a voix délibérative : un comité décide par ses voix."
    en = "No seat votes: a committee decides by its voices."


class NoSuchSeat(NotFound):
    """The committee has no such seat."""

    code = "committee.no_seat"
    fr = "Ce comité n'a pas de siège « {seat} » à cette date ; il a : {known}."
    en = "This committee has no seat “{seat}” on that day; it has: {known}."


class OneMandateTwoSeats(Refused):
    """A mandate is for one seat."""

    code = "committee.mandate_twice"
    fr = "Ce mandat vaut déjà pour le siège « {seat} » : deux membres ne siègent pas sous le même."
    en = "This mandate already serves the seat “{seat}”: two members do not sit under one."


class OnePersonTwoSeats(Refused):
    """A person holds one seat."""

    code = "committee.person_twice"
    fr = "Cette personne occupe déjà le siège « {seat} » : personne n'en occupe deux."
    en = "This person already holds the seat “{seat}”: nobody holds two."


class AlreadyHolds(Refused):
    """Who holds a seat already is not named to it again."""

    code = "committee.already_holds"
    fr = "Ce siège est déjà occupé ainsi depuis le {day}."
    en = "This seat has been held so since {day}."


class SeatIsVacant(Refused):
    """Nobody holds the seat."""

    code = "committee.vacant"
    fr = "Personne n'occupe le siège « {seat} » à cette date."
    en = "Nobody holds the seat “{seat}” on that day."


class AlreadyPublic(Refused):
    """A list is made public once; again once it was modified."""

    code = "committee.already_public"
    fr = "Cette liste est publique depuis le {day} ({reference}) et n'a pas été modifiée depuis."
    en = "This list has been public since {day} ({reference}) and was not modified since."


class BeforeItsConstitution(Refused):
    """Nothing of a committee is dated before it was constituted."""

    code = "committee.too_early"
    fr = "Ce comité est constitué depuis le {since} : rien ne peut y être daté du {day}."
    en = "This committee was constituted on {since}: nothing in it can be dated {day}."
