"""Gathers the results and writes them: JSON for programs, Markdown and SVG for people."""

import dataclasses
import json
import os

from harness import markdown, plot, targets


class Report:
    def __init__(self, machine, rounds, seconds):
        self.machine = {**machine, "rounds": rounds, "phase_seconds": seconds}
        self.warnings = []
        self.cases, self.specials, self.targets = [], [], []
        self.plots = 0

    def warn(self, words):
        self.warnings.append(words)

    def add_case(self, case, results):
        self.cases.append((case, results))
        self.targets += targets.of_case(case, results)

    def add_special(self, case, outcome):
        self.specials.append((case, outcome))
        self.targets += outcome.rows

    def write(self, folder):
        self.machine["load_average_after"] = list(os.getloadavg())
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "results.json").write_text(json.dumps(self.as_data(), indent=1) + "\n")
        (folder / "results.md").write_text(self.as_markdown(folder))

    def as_data(self):
        return {"machine": self.machine, "warnings": self.warnings, "targets": self.targets,
                "cases": [{**dataclasses.asdict(case), "clients": results}
                          for case, results in self.cases],
                "specials": [{"key": case.key, "title": case.title, "programs": outcome.programs}
                             for case, outcome in self.specials]}

    def as_markdown(self, folder):
        parts = ["# Measured", *(f"**Beware:** {words}." for words in self.warnings),
                 markdown.of_machine(self.machine), "## Targets",
                 markdown.of_targets(self.targets), "## Clients, case by case"]
        for case, results in self.cases:
            parts.append(markdown.of_case(case, results))
            if picture := plot.of_case(case, results):
                (folder / f"{case.key}.svg").write_text(picture)
                self.plots += 1
                parts.append(f"![{case.title}]({case.key}.svg)")
        if self.specials:
            parts.append("## Programs of their own")
        for case, outcome in self.specials:
            parts.append(markdown.of_special(case, outcome))
        return "\n\n".join(parts) + "\n"

    def short(self):
        """For the terminal: what was asked for, and whether it is so."""
        lines = [f"{row['case']:46} {row['what']:40} {markdown.number(row['value']):>9} "
                 f"of {markdown.number(row['at_most']):>6} {row['unit']:2} {row['verdict']}"
                 for row in self.targets]
        return "\n".join(lines)
