/* SPDX-License-Identifier: Apache-2.0 */
/* stat: the few statistics that hold up under outliers and a wrong onset: medians and quartiles, no means. */
#ifndef APLOMB_STAT_H
#define APLOMB_STAT_H
#include <stddef.h>

void stat_sort(double *values, size_t n);
/* The p-quantile (0 to 1) of sorted values, between neighbours by proportion; 0 when there are none. */
double stat_quantile(const double *sorted, size_t n, double p);
/* The width of the middle half of sorted values, scaled to be a standard deviation where they are normal. */
double stat_spread(const double *sorted, size_t n);
double stat_log(double);  /* natural; the argument must be above 0 */
double stat_root(double); /* square root; of 0 or above */
#endif
