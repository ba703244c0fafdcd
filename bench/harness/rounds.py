"""Rounds: in each one every client runs once, so that a change of the machine's mood meets all."""

import statistics

from harness import measure
from harness.origin import Origin


def summary(samples):
    """Median and quartiles of each figure."""
    found = {}
    for name in samples[0]:
        values = [sample[name] for sample in samples if sample[name] is not None]
        if not values:
            continue
        low, middle, high = (statistics.quantiles(values, n=4, method="inclusive")
                             if len(values) > 1 else values * 3)
        found[name] = {"median": middle, "low": low, "high": high}
    return found


def turned(runners, number):
    """Another one begins each round: who comes after whom shall favour nobody."""
    first = number % len(runners) if runners else 0
    return runners[first:] + runners[:first]


def run_case(case, clients, rounds, phase_seconds, say):
    """What each client needed, by its name; those that can't run say why."""
    with Origin(case.scheme) as origin:
        runners, samples, results = [], {}, {}
        for client in clients:
            if why := client.missing():
                results[client.name] = {"missing": why}
            elif client.can(case):
                runners.append(measure.Runner(client, case, origin, phase_seconds))
                samples[client.name] = []
        for number in range(rounds):
            for runner in turned(runners, number):
                say(f"{case.title}: round {number + 1} of {rounds}, {runner.client.name}")
                try:
                    samples[runner.client.name].append(runner.sample())
                except measure.Failed as failure:
                    results[runner.client.name] = {"failed": str(failure)}
                    runners.remove(runner)
        for runner in runners:
            name = runner.client.name
            results[name] = {"version": runner.version, "variant": runner.variant,
                             "requests": runner.requests, "samples": samples[name],
                             **summary(samples[name])}
    return {client.name: results[client.name] for client in clients if client.name in results}


def ratio(results, numerator, denominator, figure):
    """The median over the rounds of what stands to what, or None. A round's two runs lie close
    together in time, so that this is steadier than a ratio of medians."""
    try:
        pairs = zip(results[numerator]["samples"], results[denominator]["samples"])
        return statistics.median(above[figure] / below[figure] for above, below in pairs)
    except (KeyError, TypeError, ZeroDivisionError):
        return None
