"""Times svy on the file that answers.py wrote: python answers_svy.py FILE ROWS."""

import json
import sys
import time

import numpy as np
import polars as pl
import svy

file, rows = sys.argv[1], int(sys.argv[2])
values = np.fromfile(file, np.int8).reshape(43, rows)
items = [f"y{j}" for j in range(1, 41)]
frame = pl.DataFrame(dict(zip(items, values[3:].astype(float), strict=True)))
size = np.bincount(values[0])
frame = frame.with_columns(
    stratum=pl.Series(values[0]), domain=pl.Series(values[1]), w=pl.lit(2.0), N=pl.Series(2.0 * size[values[0]])
)
sample = svy.Sample(frame, svy.Design(stratum="stratum", wgt="w", pop_size="N"))


def seconds(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if rows < 100_000:
    sample.estimation.mean(items, by="domain")
domains, by = seconds(lambda: sample.estimation.mean(items, by="domain"))
overall, mean = seconds(lambda: sample.estimation.mean(items))
check = sum(float(row.se) for table in (*mean, *by) for row in table.estimates)
print(json.dumps({"domains": domains, "all": domains + overall, "check": check}))
