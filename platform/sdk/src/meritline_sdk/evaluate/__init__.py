"""The language of appraisal by plain Python: the one meaning of every expression, measure, rule, weight and band.

Pure and exact: no clock, no I/O, no float. The server's SQL must agree with what stands here.
"""
