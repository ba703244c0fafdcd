"""Where and with what it was measured."""

import datetime
import os
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip().splitlines()[0] if done.stdout.strip() else ""


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found.group(1) if found else platform.machine()


def commit():
    changed = first_line("git", "status", "--porcelain", "--untracked-files=no")
    return first_line("git", "rev-parse", "--short=12", "HEAD") + (", changed" if changed else "")


def memory_kib():
    found = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return int(found.group(1))


def describe():
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit(),
        "compiler": first_line("g++", "--version"),
        "openssl": first_line("openssl", "version"),
        "kernel": f"{platform.system()} {platform.release()}",
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": memory_kib() // 1024,
        "load_average": list(os.getloadavg()),
    }


def cores():
    """The origin's core and the client's; whether they differ."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1], len(usable) > 1


def busy():
    """What to say when others use the machine too, before anything of ours has run."""
    load = os.getloadavg()[0]
    if load < 0.5:
        return ""
    return (f"the load average is {load:.2f}: others use this machine, and ratios of single runs "
            "may be off by more than the quartiles show")
