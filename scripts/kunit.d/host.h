/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for current->kunit_test where the kernel has no such field; see host.c. */
#ifndef _KUNIT_HOST_H
#define _KUNIT_HOST_H

struct kunit;

/* The test that the calling task runs, or NULL. */
struct kunit *kunit_host_current(void);
/* From now on the calling task runs @test; NULL: none. */
void kunit_host_begin(struct kunit *test);

#endif
