"""Language detection beside the other open tools, on short and long texts of many languages.

Run as `python -m tests.benchmarks.bench_language [--peers-python PATH] [--texts FOLDER]`. The texts are
windows of the gold pages, as many of each language, or of a folder's files (`en.txt`, `de.txt`, …).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cache, partial
from pathlib import Path

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from pipelines.language import UNDETERMINED, detect_language, normalize_language
from pipelines.language_model import compare_with_profiles, sample_pieces
from tests.benchmarks.language_texts import LabelledText, draw_windows, read_folder, read_gold_texts
from tests.benchmarks.page_scores import need_pages
from tests.benchmarks.peers import LANGUAGE_PEERS, MISSING, Peers

LENGTHS = (40, 160, 400, 1200)
WINDOWS = 25  # of each language and length

Tool = Callable[[Sequence[LabelledText]], tuple[list[str], float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, help="a folder of texts in place of the gold pages")
    parser.add_argument("--windows", type=int, default=WINDOWS, help="texts of each language and length")
    parser.add_argument("--peers-python", type=Path, help="Python with peers-requirements.txt installed")
    parser.add_argument("--digest", action="store_true", help="print a digest of wirecopy's answers only")
    arguments = parser.parse_args()
    if arguments.texts is None:
        need_pages()
    texts = read_folder(arguments.texts) if arguments.texts else read_gold_texts()
    drawn = {chars: list(draw_windows(texts, chars, arguments.windows)) for chars in LENGTHS}
    if arguments.digest:
        print(digest_of(drawn))
        return
    print(f"{len(texts)} languages: {' '.join(sorted(texts))}")
    with Peers(arguments.peers_python) if arguments.peers_python else nullcontext() as peers:
        print_table(drawn, tools_with(peers))
    print(f"\nanswers of two processes are the same: {digest_elsewhere(arguments.texts, arguments.windows)}")
    if peers is None:
        print(MISSING)


def tools_with(peers: Peers | None) -> dict[str, Tool]:
    """The ways to tell a language; those of other environments only if there is one."""
    tools: dict[str, Tool] = {
        "wirecopy": partial(_timed, _as_used),
        "wirecopy, page declares": partial(_timed, _as_used_with_declaration),
        "wirecopy's first guess": partial(_timed, _first_guess),
        "langdetect, seeded": partial(_timed, _langdetect),
    }
    if peers is not None:
        tools.update({name: partial(_ask, peers, name) for name in LANGUAGE_PEERS})
    return tools


def print_table(drawn: dict[int, list[LabelledText]], tools: dict[str, Tool]) -> None:
    """For each length the share right, the share undetermined, and CPU milliseconds a text."""
    print(f"\n{'characters':<25}" + "".join(f"{chars:>22}" for chars in drawn))
    print(f"{'tool':<25}" + f"{'right':>8}{'und':>7}{'ms':>7}" * len(drawn))
    for name, tool in tools.items():
        tool(drawn[max(drawn)][:1])  # what a tool loads once is not the text's time
        print(f"{name:<25}" + "".join(_cells(windows, tool) for windows in drawn.values()))


def _cells(windows: Sequence[LabelledText], tool: Tool) -> str:
    answers, seconds = tool(windows)
    codes = [normalize_language(answer) or answer for answer in answers]
    right = sum(code == window.language for code, window in zip(codes, windows, strict=True))
    undetermined = codes.count(UNDETERMINED)
    count = len(windows)
    return f"{right / count:8.3f}{undetermined / count:7.3f}{1000 * seconds / count:7.2f}"


def digest_of(drawn: dict[int, list[LabelledText]]) -> str:
    answers = [_as_used(window) for windows in drawn.values() for window in windows]
    return hashlib.sha256(" ".join(answers).encode()).hexdigest()


def digest_elsewhere(texts: Path | None, windows: int) -> bool:
    """Whether two new processes, each with another order of sets, give the same answers."""
    command = [sys.executable, "-m", __spec__.name, "--digest", "--windows", str(windows)]
    command += ["--texts", str(texts)] if texts else []
    runs = [
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        for seed in ("1", "2")
    ]
    return len({run.stdout for run in runs}) == 1


def _timed(detect: Callable[[LabelledText], str], windows: Sequence[LabelledText]) -> tuple[list[str], float]:
    started = time.process_time()
    answers = [detect(window) for window in windows]
    return answers, time.process_time() - started


def _ask(peers: Peers, name: str, windows: Sequence[LabelledText]) -> tuple[list[str], float]:
    return peers.detect_languages(name, [window.text for window in windows])


def _as_used(window: LabelledText) -> str:
    return detect_language(window.text)


def _as_used_with_declaration(window: LabelledText) -> str:
    return detect_language(window.text, [window.declared] if window.declared else [])


def _first_guess(window: LabelledText) -> str:
    found = compare_with_profiles(sample_pieces(window.text))
    return next(iter(found.shares)) if found else UNDETERMINED


def _langdetect(window: LabelledText) -> str:
    detector = _langdetect_factory().create()
    detector.append(window.text)
    try:
        return str(detector.detect())
    except LangDetectException:
        return UNDETERMINED


@cache
def _langdetect_factory() -> DetectorFactory:
    DetectorFactory.seed = 0
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory


if __name__ == "__main__":
    main()
