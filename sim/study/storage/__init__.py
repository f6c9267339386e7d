"""Storage of studies on disk: atomic files, Parquet parts, the folder of a study, and SQL over its runs."""
