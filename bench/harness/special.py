"""What is no throughput: programs of their own, each with its own way of being compared."""

from harness import handshakes, instructions, inventory, memory

SPECIALS = (*instructions.SPECIALS, *memory.SPECIALS, *inventory.SPECIALS, *handshakes.SPECIALS)
