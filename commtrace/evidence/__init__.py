"""Takes evidence into a case: walk, copy in, read in workers, and account for every file.

Reaches parsers only through `commtrace.plugins`, and knows nothing of what the evidence means.
"""
