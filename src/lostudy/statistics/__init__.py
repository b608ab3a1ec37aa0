"""Tables in, estimates out: pure functions on arrays and frames.

One row is one estimate: `estimate, se, df, low, high, statistic, p, n, method, note`, as far as
they exist, in that order. `n` and `method` are always there. Where the data cannot give a number
the estimate is missing and `note` says why in words. No files, no figures, no study: the frame
comes first, column names follow as text. Import the module of the subject: `statistics.change`,
`statistics.reliability`, `statistics.mixed` and so on.
"""
