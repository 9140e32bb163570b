import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # papers.py is shared by the tests of documents
