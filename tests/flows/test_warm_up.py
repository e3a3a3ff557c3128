"""After the warm-up no run has to wait for the compiler."""

from __future__ import annotations

import subprocess
import sys

COUNT_COMPILED = """
from numba.core.caching import IndexDataCacheFile
from flows.warm_up import warm_up
saved = []
IndexDataCacheFile.save = lambda self, key, data: saved.append(key)
warm_up()
print(len(saved))
"""


def test_what_it_compiles_is_kept_for_the_next_process() -> None:
    subprocess.run([sys.executable, "-m", "flows.warm_up"], check=True)

    again = subprocess.run([sys.executable, "-c", COUNT_COMPILED], check=True, capture_output=True, text=True)

    assert again.stdout.strip() == "0"
