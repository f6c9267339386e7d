"""Estimators with their intervals: shares, paired differences, incidence, quantiles, crossings, Sobol' indices."""
