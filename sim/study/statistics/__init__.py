"""Statistics: estimators and intervals of shares, paired differences, incidence, quantiles, Sobol' indices."""
