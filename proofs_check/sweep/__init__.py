"""Sweeps: a grid of starts and data sets, run on local processes or on a Dask cluster, with results in Parquet."""
