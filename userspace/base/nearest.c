// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Edit distance with three rows on the stack: words are short, lists are small.
 */
#include "base/nearest.h"

#include <limits.h>
#include <string.h>

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned int vd_nearest_distance(const char *a, const char *b)
{
	unsigned int rows[3][VD_NEAREST_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la >= VD_NEAREST_MAX || lb >= VD_NEAREST_MAX)
		return UINT_MAX;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned int *now = rows[i % 3], *prev = rows[(i - 1) % 3], *prev2 = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			now[j] = min3(prev[j] + 1, now[j - 1] + 1, prev[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = min3(now[j], now[j], prev2[j - 2] + 1);
		}
	}
	return rows[la % 3][lb];
}

void vd_nearest_offer(struct vd_nearest *n, const char *word)
{
	unsigned int d = vd_nearest_distance(n->typed, word);
	size_t len = strlen(n->typed);
	unsigned int most = len < 3 ? 1 : (len + 2) / 3;

	if (d <= most && (!n->best || d < n->distance)) {
		n->best = word;
		n->distance = d;
	}
}
