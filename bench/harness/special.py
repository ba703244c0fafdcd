"""What is no throughput: programs of their own, each with its own way of being compared."""

from dataclasses import dataclass, field

SPECIALS = ()


@dataclass
class Outcome:
    rows: list = field(default_factory=list)      # as of harness.targets
    programs: dict = field(default_factory=dict)  # what each program printed, by name


