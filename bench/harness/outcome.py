"""How a program of its own is run and compared."""

import statistics
from dataclasses import dataclass, field

from harness import measure
from harness.clients import BUILD, NATIVE
from harness.targets import verdict


@dataclass(frozen=True)
class Special:
    key: str
    title: str
    run: object  # a function of (Outcome, rounds, quick)

    def measure(self, rounds, quick, say):
        outcome = Outcome(self.title, say)
        self.run(outcome, rounds, quick)
        return outcome


@dataclass
class Outcome:
    title: str
    say: object
    rows: list = field(default_factory=list)      # as of harness.targets
    programs: dict = field(default_factory=dict)  # each program's medians, by name

    def run_rounds(self, rounds, programs):
        """Runs each of `programs` (a name: how to run it) once a round; keeps the medians."""
        samples = {name: [] for name in programs}
        for number in range(rounds):
            for name, run in programs.items():
                self.say(f"{self.title}: round {number + 1} of {rounds}, {name}")
                try:
                    if samples[name] is not None:
                        samples[name].append(run())
                except measure.Failed as failure:
                    self.programs[name] = {"failed": str(failure)}
                    samples[name] = None
        for name, found in samples.items():
            if found:
                self.programs[name] = {figure: statistics.median(one[figure] for one in found)
                                       for figure in found[0]}

    def figure(self, program, name):
        return self.programs.get(program, {}).get(name)

    def compare(self, case, what, value, at_most, unit):
        self.rows.append({"case": case, "what": what, "value": value, "at_most": at_most,
                          "unit": unit, "verdict": verdict(value, at_most)})

    def compare_ratio(self, case, what, above, below, at_most):
        """`above` and `below` are (program, figure)."""
        one, other = self.figure(*above), self.figure(*below)
        self.compare(case, what, one / other if one is not None and other else None, at_most, "x")


def program(name, origin, path, *options):
    """How to run build/release/bench/bench_NAME."""
    command = NATIVE / f"bench_{name}"

    def run():
        if not command.exists():
            raise measure.Failed(f"not built: {command.name} ({BUILD}; CMake says what it lacks)")
        return measure.run([command, *origin.options(path), *options])
    return run
