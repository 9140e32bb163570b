import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the lists of phrases lie beside the tests
