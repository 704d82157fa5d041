/* SPDX-License-Identifier: Apache-2.0 */
#include "base/stat.h"

#include "test.h"

static bool near(double a, double b)
{
	return a - b < 1e-9 && b - a < 1e-9;
}

TEST(quantiles_lie_between_neighbours)
{
	double v[] = { 4, 1, 3, 2 };
	stat_sort(v, 4);
	assert_true(near(v[0], 1) && near(v[3], 4));
	assert_true(near(stat_quantile(v, 4, 0), 1));
	assert_true(near(stat_quantile(v, 4, .5), 2.5));
	assert_true(near(stat_quantile(v, 4, 1), 4));
	assert_true(near(stat_quantile(v, 1, .5), 1));
	assert_true(near(stat_quantile(NULL, 0, .5), 0));
}

TEST(one_wild_value_does_not_widen_the_spread)
{
	double calm[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, wild[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9e9 };
	assert_true(near(stat_spread(calm, 9), stat_spread(wild, 9)));
	assert_true(near(stat_spread(calm, 9), 4 / 1.349));
}

TEST(logarithm_and_root)
{
	assert_true(near(stat_log(1), 0));
	assert_true(near(stat_root(9), 3));
}

TESTS(T(quantiles_lie_between_neighbours), T(one_wild_value_does_not_widen_the_spread),
      T(logarithm_and_root))
