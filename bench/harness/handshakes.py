"""What a TLS connection costs beside OpenSSL alone, connecting and closing included."""

from harness.origin import Origin
from harness.outcome import Special, program

AT_MOST = {"full": 1.15, "resumed": 1.25}


def handshakes(outcome, rounds, quick):
    count = ["--requests", 200 if quick else 500, "--warm-up", 20]
    for kind, at_most in AT_MOST.items():
        with Origin("https", *(["--no-tickets"] if kind == "full" else [])) as origin:
            outcome.run_rounds(rounds, {
                f"{kind}: OpenSSL": program("handshakes_limit", origin, "/bytes/300", *count,
                                            "--variant", kind),
                f"{kind}: headrace": program("handshakes_headrace", origin, "/bytes/300", *count)})
        outcome.compare_ratio(f"TLS connection, {kind}", "CPU / OpenSSL alone",
                              (f"{kind}: headrace", "cpu_ms"), (f"{kind}: OpenSSL", "cpu_ms"),
                              at_most)


SPECIALS = (Special("handshakes", "TLS connections", handshakes),)
