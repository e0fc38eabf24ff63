"""What is refused of a funding plan, and why."""

from domain.errors import NotFound, Refused


class PlanKnown(Refused):
    """A project has one plan."""

    code = "funding_plan.known"
    fr = "Ce projet a déjà un plan de financement : complétez-le."
    en = "This project already has a funding plan: complete it."


class NoPlan(NotFound):
    """The project has no plan yet."""

    code = "funding_plan.unknown"
    fr = "Ce projet n'a pas de plan de financement : établissez-le d'abord."
    en = "This project has no funding plan: draw it up first."


class BeforeThePlan(Refused):
    """Nothing is in a plan before it is drawn up."""

    code = "funding_plan.before"
    fr = "Ce plan de financement est établi depuis le {since} : rien ne s'y inscrit avant."
    en = "This funding plan has been there since {since}: nothing is entered in it before."


class FunderNotAsked(NotFound):
    """A funder is asked before it answers."""

    code = "funding_plan.not_asked"
    fr = "« {name} » n'est pas parmi les financeurs sollicités de ce plan ; il connaît : {known}."
    en = "“{name}” is not among the funders asked in this plan; it knows: {known}."


class FunderAlreadyAsked(Refused):
    """A funder that was asked, or confirmed, is not asked anew."""

    code = "funding_plan.asked"
    fr = "« {name} » est déjà sollicité dans ce plan, ou a déjà confirmé."
    en = "“{name}” is already asked in this plan, or has already confirmed."


class FunderWithdrawn(Refused):
    """A funder that withdrew confirms nothing, and does not withdraw again."""

    code = "funding_plan.withdrawn"
    fr = "« {name} » s'est retiré : sollicitez-le de nouveau avant qu'il ne confirme ou se retire."
    en = "“{name}” withdrew: ask it again before it confirms or withdraws."


class FunderKnownLater(Refused):
    """What a funder is asked and answers follows the order of its days."""

    code = "funding_plan.later"
    is_of_order = True
    fr = "Une réponse plus récente de « {name} », du {day}, est déjà enregistrée."
    en = "A more recent answer of “{name}”, of {day}, is already recorded."
