/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean …": the word of a list nearest to what was typed, by edit distance
 * (Damerau-Levenshtein, adjacent letters swapped count once). Used for configuration
 * keys, names of gateways and tunnels, subcommands.
 */
#ifndef VD_BASE_NEAREST_H
#define VD_BASE_NEAREST_H

#include <stddef.h>

#define VD_NEAREST_MAX	64	/* longer words have no nearest */

/* Edits that turn @a into @b; UINT_MAX when either is VD_NEAREST_MAX long or longer. */
unsigned int vd_nearest_distance(const char *a, const char *b);

/*
 * A search fed word by word: start with { .typed = … }, offer each candidate, read .best
 * (NULL: nothing is near enough to be meant, more than a third of the letters differ).
 */
struct vd_nearest {
	const char	*typed;
	const char	*best;		/* points to the offered word */
	unsigned int	distance;
};
void vd_nearest_offer(struct vd_nearest *n, const char *word);

#endif
