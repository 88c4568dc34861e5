"""What is wrong with the specification of a policy."""


class UnknownPart(Exception):  # noqa: N818 - the name says what is wrong with the specification
    """A policy names a part that nobody registered. `kind` is "policy", "filter", "scorer", "assigner" or "wait price"; `known` lists the
    names there are.
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{kind} {name!r} is not one of: {', '.join(known)}")
        self.kind = kind
        self.name = name
        self.known = known


class BadPolicy(Exception):  # noqa: N818 - the name says what is wrong with the specification
    """Parts that cannot work together or with these numbers: a weight or a parameter out of range, a filter left out that the router's
    promises rest on, or a combination that would not do what it says.
    """
