/* SPDX-License-Identifier: Apache-2.0 */
/* stat: see stat.h. */
#include "base/stat.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define IQR_OF_A_NORMAL 1.349 /* in standard deviations */

static int ascending(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

void stat_sort(double *values, size_t n)
{
	if (n)
		qsort(values, n, sizeof(*values), ascending);
}

double stat_quantile(const double *sorted, size_t n, double p)
{
	if (n == 0)
		return 0;
	double at = p * (double)(n - 1);
	size_t below = (size_t)at, above = below + 1 < n ? below + 1 : below;
	return sorted[below] + (sorted[above] - sorted[below]) * (at - (double)below);
}

double stat_spread(const double *sorted, size_t n)
{
	return (stat_quantile(sorted, n, .75) - stat_quantile(sorted, n, .25)) / IQR_OF_A_NORMAL;
}

double stat_log(double x)
{
	assert(x > 0);
	return log(x);
}

double stat_root(double x)
{
	assert(x >= 0);
	return sqrt(x);
}
