"""What is heard of while it lives: the parts of such a thing rest on these two words of it."""

from abc import ABC, abstractmethod

from domain.kernel import Aggregate


class Living(Aggregate, ABC):
    """Something that is no longer changed once it has ended."""

    @abstractmethod
    def _living(self) -> None:
        """Refuse what is done to something that had ended on the day of what is being recorded."""

    @abstractmethod
    def _heard(self) -> None:
        """Remember that something was heard of it on the day of what is being remembered."""
