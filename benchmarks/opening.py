"""What it costs to open a case and to find its gaps: `python benchmarks/opening.py CASE`.

CPU seconds of this process and its peak memory; run it twice where texts were not yet understood.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from commtrace.case import Case


def main() -> None:
    """Print CPU seconds up to the view and up to the findings."""
    case = Case.open(Path(sys.argv[1]))
    start = time.process_time()
    view = case.view()
    opened = time.process_time()
    findings = case.findings()
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(view):,} communications, {len(findings):,} findings, peak {peak:,} MB")
    print(f"view {opened - start:.1f} s, findings {ended - opened:.1f} s of CPU")


if __name__ == "__main__":
    main()
