"""The benchmark: figures that say whether the house is light enough, `make bench` (docs/bench.md).

A module of its own and never a test: a time on a busy machine proves nothing, a trend on a quiet one does.
"""
