"""``python3 -m pipeline.raw AREA`` lists what is missing before anything is installed."""

import sys

from pipeline.raw import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
