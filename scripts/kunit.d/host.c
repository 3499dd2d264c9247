// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel built without CONFIG_KUNIT lacks for running KUnit as a module: the field
 * task_struct::kunit_test. KUnit runs one test at a time, under its own lock, so one slot does;
 * a task other than the one that runs the test gets NULL, as it would from its own field.
 * Added to the copy of lib/kunit that scripts/kunit makes.
 */
#include <linux/export.h>
#include <linux/sched.h>

#include <kunit/host.h>

static struct task_struct *test_task;
static struct kunit *test_now;

struct kunit *kunit_host_current(void)
{
	return READ_ONCE(test_task) == current ? READ_ONCE(test_now) : NULL;
}
EXPORT_SYMBOL_GPL(kunit_host_current);

void kunit_host_begin(struct kunit *test)
{
	WRITE_ONCE(test_now, test);
	WRITE_ONCE(test_task, test ? current : NULL);
}
EXPORT_SYMBOL_GPL(kunit_host_begin);
