"""``python -m grader.confined fork|here MODULE …``: answer requests on standard input until it ends."""

import sys

from .server import serve

serve(sys.argv[2:], forks=sys.argv[1] == "fork")
