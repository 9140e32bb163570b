import sys
from pathlib import Path

TESTS = str(Path(__file__).parents[1])
if TESTS not in sys.path:  # stories.py is shared by the tests of rules
    sys.path.insert(0, TESTS)
