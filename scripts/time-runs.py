"""Times `notebook` on a site: cold, then with results kept. Called by scripts/bench-check.

    python3 time-runs.py [--runs N] [--notes N] PROGRAM SITE [THREADS]

Exit status 1: a promise for 1,000 notes on two cores was not kept.
"""
import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

# Seconds for 1,000 notes with results kept, on two cores.
PROMISES = {"check": 1.0}


def timed(command):
    """Seconds, seconds of processor time, peak MB of a command; ends the program where it fails."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.stderr.buffer.write(message)
        sys.exit(3)
    # Kilobytes on Linux, bytes on macOS.
    peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return seconds, usage.ru_utime + usage.ru_stime, peak


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument("--runs", type=int, default=5)
    reader.add_argument("--notes", type=int, default=1000)
    reader.add_argument("program")
    reader.add_argument("site")
    reader.add_argument("threads", nargs="?")
    asked = reader.parse_args()
    output = Path(asked.site) / "public"
    common = ["--site", asked.site, "--quiet"] + (["--threads", asked.threads] if asked.threads else [])
    check = [asked.program, "check", *common]
    build = [asked.program, "build", *common, "--output", str(output)]

    rows = [("check, cold", None, timed(check))]
    kept = min(timed(check) for _ in range(asked.runs))
    rows.append(("check", PROMISES["check"] if asked.notes == 1000 else None, kept))
    builds = []
    for _ in range(asked.runs):
        shutil.rmtree(output, ignore_errors=True)
        builds.append(timed(build))
    rows.append(("build", None, min(builds)))

    print(f"{asked.notes} notes, {asked.threads or os.cpu_count()} threads, fastest of {asked.runs}")
    print(f"{'':14}{'seconds':>9}{'promised':>10}{'processor':>11}{'peak MB':>9}")
    failed = False
    for name, promise, (seconds, processor, peak) in rows:
        missed = promise is not None and seconds > promise
        failed = failed or missed
        print(f"{name:14}{seconds:9.2f}{f'{promise:.1f}' if promise else '':>10}{processor:11.2f}{peak:9.0f}"
              + ("  missed" if missed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
