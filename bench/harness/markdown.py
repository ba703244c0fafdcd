"""The results as tables for people."""

from harness import cases
from harness.rounds import ratio


def number(value):
    if value is None:
        return ""
    for digits, least in ((0, 100), (1, 10), (2, 1)):
        if abs(value) >= least:
            return f"{value:,.{digits}f}"
    return f"{value:.3f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def spread(figure):
    return f"{number(figure['low'])} to {number(figure['high'])}"


def client_row(name, results, serial):
    result = results[name]
    if why := result.get("missing") or result.get("failed"):
        return [name, why] + [""] * (8 if serial else 6)
    times = ratio(results, name, cases.LIMIT, "cpu_us")
    ours = ratio(results, name, cases.HEADRACE, "cpu_us")
    row = [f"{name} {result['version']}", number(result["cpu_us"]["median"]),
           spread(result["cpu_us"]), number(times), number(ours),
           number(result["requests_per_second"]["median"])]
    if serial:
        row += [number(result[p]["median"]) if p in result else "" for p in ("p50_us", "p99_us")]
    memory = result.get("peak_rss_kib")
    return [*row, number(memory["median"] / 1024) if memory else ""]


def of_case(case, results):
    head = ["client", "CPU us per request", "quartiles", "x limit", "x headrace", "requests/s"]
    head += ["p50 us", "p99 us"] if case.serial else []
    head += ["peak MiB"]
    rows = [client_row(name, results, case.serial) for name in results]
    return f"### {case.title}\n\n{table(head, rows)}\n"


def of_targets(targets):
    rows = [[row["case"], row["what"], number(row["value"]), number(row["at_most"]), row["unit"],
             emphasised(row["verdict"])] for row in targets]
    return table(["case", "headrace's", "measured", "at most", "", "target"], rows)


def emphasised(verdict):
    return "**not met**" if verdict == "not met" else verdict


def of_machine(machine):
    rows = [[name, str(value)] for name, value in machine.items()]
    return table(["", ""], rows)


def of_special(case, outcome):
    """Whatever the programs printed, a column a figure."""
    names = list(dict.fromkeys(key for printed in outcome.programs.values() for key in printed))
    if not names:
        return f"### {case.title}\n\nNot built yet (issue 6).\n"
    rows = [[program, *(shown(printed.get(name)) for name in names)]
            for program, printed in outcome.programs.items()]
    return f"### {case.title}\n\n{table(['', *names], rows)}\n"


def shown(value):
    return value if isinstance(value, str) else number(value)
