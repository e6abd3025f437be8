"""Prints bytes and milliseconds of our charts beside those of other libraries.

    python3 chart-sizes.py DIR

DIR holds what scripts/bench-charts writes: data.json, ours.json, audit.json, peers.json, and our pictures and figures.

Exit status 1: our data are not those of the peers, or a size or time is beyond what we promise.
"""
import gzip
import json
import sys
from pathlib import Path

CHARTS = ("curve", "hist", "heat")
# Bytes, gzipped bytes (None: no promise) and milliseconds.
PROMISES = {
    "curve": (6_000, 2_000, 1), "hist": (8_000, None, 1), "heat": (12_000, None, 1),
    "figure_curve": (20_000, 6_000, 1), "figure_hist": (20_000, 6_000, 1), "figure_heat": (20_000, 6_000, 1),
}


def checksum(data):
    values = [x for _, curve in data["curves"] for x in curve]
    values += [x for hist in data["hists"] for x in hist[3]] + [x for row in data["heat"] for x in row]
    return sum((i % 97 + 1) * x for i, x in enumerate(values))


def read(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def main():
    folder = Path(sys.argv[1])
    ours, audit, peers = read(folder, "ours.json"), read(folder, "audit.json"), read(folder, "peers.json")["results"]
    failed = False
    expected = checksum(read(folder, "data.json"))
    if abs(ours["checksum"] / expected - 1) > 1e-9:
        print(f"our data are not the peers': checksum {ours['checksum']}, theirs {expected}")
        failed = True
    line = "{:20} {:>9} {:>8} {:>9} {:>9} {:>9}"
    structure = {Path(a["file"]).stem: a for a in audit}
    for chart in CHARTS:
        print(f"\n{chart}")
        print(line.format("", "bytes", "gzip", "elements", "ms", "cold ms"))
        job, own = ours["jobs"][chart], structure[chart]
        print(line.format("notebook", job["bytes"], own["gzip"], own["elements"], f"{job['median_s'] * 1e3:.3f}", ""))
        for row in (r for r in peers if r["chart"] == chart):
            if "error" in row:
                print(f"{row['peer']:20} {row['error']}")
            else:
                print(line.format(row["peer"], row["bytes"], row["gzip"], row["elements"], row["ms"], row.get("cold_ms", "")))
    print("\nwhat we promise")
    for name, (most, zipped, milliseconds) in PROMISES.items():
        job = ours["jobs"][name]
        path = folder / (name + (".html" if name.startswith("figure") else ".svg"))
        packed = len(gzip.compress(path.read_bytes(), 9, mtime=0))
        taken = job["median_s"] * 1e3
        parts = [(f"{job['bytes']} of {most} bytes", job["bytes"] <= most), (f"{taken:.3f} of {milliseconds} ms", taken <= milliseconds)]
        if zipped:
            parts.insert(1, (f"{packed} of {zipped} gzipped", packed <= zipped))
        words = ", ".join(text + ("" if fits else " — too much") for text, fits in parts)
        failed |= not all(fits for _, fits in parts)
        print(f"{name:14} {words}")
    sys.exit(failed)


main()
