"""What is no throughput: programs of their own, each with its own way of being compared."""

from harness import handshakes, instructions, inventory, memory
from harness.outcome import Special


def python_face(outcome, rounds, quick):
    outcome.rows.append({"case": "Python AsyncClient, C5 D5, 300 B", "value": None,
                         "what": "aiohttp's CPU / its own", "at_most": 5, "unit": "x, at least",
                         "verdict": "not built yet (issue 6)"})


SPECIALS = (*instructions.SPECIALS, *memory.SPECIALS, *inventory.SPECIALS, *handshakes.SPECIALS,
            Special("python", "Python", python_face))
