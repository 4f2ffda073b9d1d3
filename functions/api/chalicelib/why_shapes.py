"""What is told of a decision of routing."""

from chalicelib.shapes import Bilingual, Out


class Mark(Out):
    """One agent in a decision: ``score`` and ``features`` in thousandths; ``agent`` is empty where it is not shown."""

    agent: str
    me: bool
    chosen: bool
    score: int
    features: dict[str, int]


class Refusal(Out):
    """An agent who could not have the contact; ``why`` is what lacked, such as ``fiber>=3``."""

    agent: str
    me: bool
    why: str


class Decision(Out):
    """How the agent of an offer was chosen. ``read`` agents were looked at, ``able`` of them could have it.

    ``policy`` is the version of the configuration, ``step`` the step of relaxation in force (0: all that is asked).
    ``absent`` features have no source yet and count 0. ``words`` names the features.
    """

    offer: str
    contact: str
    at: int
    policy: int
    step: int
    waited_ms: int
    read: int
    able: int
    weights: dict[str, int]
    absent: list[str]
    scores: list[Mark]
    refused: list[Refusal]
    words: dict[str, Bilingual]
