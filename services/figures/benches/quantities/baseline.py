"""quantulum3, for the bench beside this file.

A line on standard input is a list of texts, in JSON. It answers with a line: {"seconds", "found"}, the processor time of
this process, user's and system's, and how many quantities it found in all.
"""
import json, sys, time, warnings

warnings.simplefilter("ignore")  # It says that its classifier is not there.

from quantulum3 import parser

for line in sys.stdin:
    texts = json.loads(line)
    begun = time.process_time()
    found = sum(len(parser.parse(text)) for text in texts)
    print(json.dumps({"seconds": time.process_time() - begun, "found": found}), flush=True)
