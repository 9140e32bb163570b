"""commtrace: who told whom what, when, and what was never said.

Evidence becomes values, pure functions turn values into values, and every value says where it
comes from. Start reading at `commtrace.model`; the one door to a case is `commtrace.case`.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("commtrace")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
