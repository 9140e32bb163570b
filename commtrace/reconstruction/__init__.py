"""What messages make together: identities, threads, ghosts, coverage, handoffs, as one View.

Pure functions over values; no store, no file, no clock.
"""

from commtrace.reconstruction.assemble import reconstruct

__all__ = ["reconstruct"]
