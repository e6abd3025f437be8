"""Prints how many times faster the kernel is than its peers, beside what it is meant to reach.

    python3 kernel-ratios.py BASE…

Each BASE stands for four files that scripts/bench-kernel writes: BASE-ours.json, BASE-peers.json, and the peers' matrix
product before and after, BASE-start.json and BASE-end.json. With one thread, processor time is compared, which other
programs disturb least; with more, the shortest wall time. The ratio of median wall times stands beside it.

Exit status 1: the machine was not quiet, so that there is no verdict.
"""
import json
import sys

# Job, opponent, (floor, goal) with one thread, the same with more. An opponent is a library, whose fastest variant counts,
# or one variant after a slash.
BARS = [
    ("compound", "torch", (5, 6.5), (5, 6.5)),
    ("compound", "/torch", (10, 14), (10, 14)),
    ("compound", "numpy", (9, 12), (9, 12)),
    ("tiny_stats_64x64_d32", "any", (10, 20), (10, 20)),
    ("softmax_4096x512_kept", "/torch_out", (1.7, 2.3), (1.7, 2.3)),
    ("softmax_65536x128_kept", "/torch_out", (1.2, 1.6), (1.2, 1.6)),
    ("softmax_1024x8192_kept", "/torch_out", (1.2, 1.6), (1.2, 1.6)),
    ("softmax_65536x128", "/torch", (3, 4.5), (3, 4.5)),
    ("softmax_1024x8192", "/torch", (3, 4.5), (3, 4.5)),
    ("logits_4096x512x64", "torch", None, None),
    ("logits_4096x512x64", "numpy", None, None),
    ("sdpa_fwd_h8_n512_d64", "torch", (1.6, 2.1), (1.6, 2.1)),
    ("sdpa_fwd_h8_n2048_d64", "torch", (1.6, 2.1), (1.6, 2.1)),
    ("sdpa_fwd_h8_n512_d64", "numpy", None, None),
    ("sdpa_fwd_h8_n2048_d64", "numpy", None, None),
    ("sdpa_fwdbwd_h8_n512_d64", "torch", (1.8, 2.3), (1.8, 2.3)),
    ("sdpa_fwdbwd_h8_n2048_d64", "torch", (1.8, 2.3), (1.8, 2.3)),
    ("normal_1e7", "/torch_out", None, None),
    ("normal_1e7", "numpy", None, None),
    ("normal_1e8", "numpy", (12, 16), (22, 30)),
    ("normal_1e8", "/torch_out", (4, 5), (7, 10)),
    ("dots_100000_d1024", "torch", (6, 8), (6, 8)),
    ("dots_100000_d1024", "numpy", (14, 18), (14, 18)),
    ("lowprec_4096x512", "torch", (8, 14), (8, 14)),
    ("train_b16_n32_d64_100steps", "torch", (1.8, 2.8), (1.8, 2.8)),
]
# With AVX2 forced the peers keep their AVX-512.
AVX2_BARS = {
    ("compound", "torch"): (3, 3.6),
    ("sdpa_fwd_h8_n512_d64", "torch"): (1.0, 1.15),
    ("sdpa_fwd_h8_n2048_d64", "torch"): (1.0, 1.15),
    ("normal_1e8", "/torch_out"): (1.8, 2.2),
}
PEAK_BARS = {"logits_4096x512x64": (0.75, 0.88)}
# More than this between the peers' matrix product before and after: something else was running.
ALLOWED_DRIFT = 0.15


def opponents(job, opponent, peers):
    """The measured variants that an opponent stands for."""
    base = job.removesuffix("_kept")
    variants = {n.split("/")[1]: row for n, row in peers["jobs"].items() if n.split("/")[0] == base}
    if opponent.startswith("/"):
        return {n: row for n, row in variants.items() if n == opponent[1:]}
    if opponent == "any":
        return variants
    library = lambda n: "numpy" if n.startswith(("numpy", "scipy")) else "torch"
    return {n: row for n, row in variants.items() if library(n) == opponent}


def verdict(value, bar):
    if bar is None:
        return ""
    return "goal" if value >= bar[1] else "floor" if value >= bar[0] else "MISSED"


def bar_of(job, opponent, one, more, threads, instruction_set):
    if instruction_set == "avx2":
        return AVX2_BARS.get((job, opponent))
    if instruction_set != "avx512":
        return None
    return one if threads == 1 else more


def rows_of(ours, peers):
    threads, instruction_set = ours["threads"], ours["instruction_set"]
    key = "cpu_s" if threads == 1 else "min_s"
    for job, opponent, one, more in BARS:
        mine = ours["jobs"].get(job)
        found = opponents(job, opponent, peers)
        if mine is None or not found:
            continue
        name, best = min(found.items(), key=lambda item: item[1]["median_s"])
        ratio = best[key] / mine[key]
        bar = bar_of(job, opponent, one, more, threads, instruction_set)
        yield [
            job, name, "%.3f" % (1e3 * best[key]), "%.3f" % (1e3 * mine[key]), "%.2f" % ratio,
            "%.2f" % (best["median_s"] / mine["median_s"]),
            "%g" % bar[0] if bar else "", "%g" % bar[1] if bar else "", verdict(ratio, bar),
        ]
    for job, row in ours["jobs"].items():
        share = row.get("share_of_peak")
        if share is None:
            continue
        bar = PEAK_BARS.get(job) if instruction_set == "avx512" else None
        yield [
            job, "FMA peak", "", "%.3f" % (1e3 * row[key]), "%.0f%%" % (100 * share), "",
            "%.0f%%" % (100 * bar[0]) if bar else "", "%.0f%%" % (100 * bar[1]) if bar else "", verdict(share, bar),
        ]


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2])]
        right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:])]
        print("  ".join(left + right).rstrip())


def report(base):
    """Prints one table; returns whether the machine was quiet."""
    ours, peers, start, end = (
        json.load(open("%s-%s.json" % (base, part))) for part in ("ours", "peers", "start", "end"))
    key = "cpu_s" if ours["threads"] == 1 else "min_s"
    before, after = (run["jobs"]["gemm_1024/torch"][key] for run in (start, end))
    drift = max(before, after) / min(before, after) - 1
    print("%s, %d thread(s), ours with %s; %s" % (
        ours["machine"]["processor"], ours["threads"], ours["instruction_set"],
        ", ".join("%s %s" % item for item in peers["versions"].items())))
    times = "CPU" if key == "cpu_s" else "min"
    heading = ["job", "against", "theirs %s ms" % times, "ours %s ms" % times, "ratio", "of medians", "floor", "goal",
               "reached"]
    quiet = drift <= ALLOWED_DRIFT
    rows = [heading] + list(rows_of(ours, peers))
    table(rows if quiet else [row[:-1] for row in rows])
    for name, why in peers["skipped"].items():
        print("not timed: %s (%s)" % (name, why))
    print("The peers' matrix product drifted by %.0f%%%s" % (
        100 * drift, "." if quiet else ": the machine was not quiet, so there is no verdict."))
    print()
    return quiet


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    quiet = [report(base) for base in sys.argv[1:]]
    sys.exit(0 if all(quiet) else 1)


main()
