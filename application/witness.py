"""Witnesses in words: what came of asking each to cosign the last checkpoint."""

from collections.abc import Mapping

from application.wording import WORDS
from domain.witness import WitnessState

WITNESS_STATES: Mapping[str, str] = {
    WitnessState.NOT_ASKED: "n'a pas encore été sollicité",
    WitnessState.COSIGNED: "a cosigné",
    WitnessState.SILENT: "ne répond pas",
    WitnessState.REFUSED: "refuse",
    WitnessState.MALFORMED: "répond hors du protocole",
    WitnessState.NOT_ITS_OWN: "répond sans la signature de la clé que donne la politique",
    WitnessState.OTHER_SIZE: "dit avoir cosigné une taille que ce journal n'a pas signée",
    WitnessState.CONTRADICTED: "montre une note signée de notre clé, dont ce journal n'est pas la "
    "suite : une sauvegarde a été remise, ou le journal a été réécrit",
    WitnessState.INCONSISTENT: "dit que ce journal n'est pas la suite de ce qu'il a vu",
}
WORDS[WitnessState] = WITNESS_STATES
