// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times and sizes as text: two units of a time span at most, three digits of a size.
 */
#include <string.h>
#include <time.h>

#include "ctl/text.h"

const char *vd_span_text(int64_t seconds, char buf[static VD_SPAN_TEXT])
{
	static const struct {
		int64_t	in_seconds;
		char	unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;
	long long first, second;

	if (seconds < 0)
		seconds = 0;
	while (i < 3 && seconds < units[i].in_seconds)
		i++;
	first = seconds / units[i].in_seconds;
	second = i < 3 ? seconds % units[i].in_seconds / units[i + 1].in_seconds : 0;
	if (second)
		snprintf(buf, VD_SPAN_TEXT, "%lld%c %lld%c", first, units[i].unit, second, units[i + 1].unit);
	else
		snprintf(buf, VD_SPAN_TEXT, "%lld%c", first, units[i].unit);
	return buf;
}

const char *vd_bytes_text(int64_t bytes, char buf[static VD_BYTES_TEXT])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 1023.5 && i < 6) {
		v /= 1024;
		i++;
	}
	snprintf(buf, VD_BYTES_TEXT, i && v < 9.95 ? "%.1f %s" : "%.0f %s", v, units[i]);
	return buf;
}

bool vd_iso_parse(const char *iso, int64_t *ms)
{
	struct tm tm = { 0 };
	int64_t fraction = 0;
	const char *end = strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm);

	if (!end || tm.tm_year < 70 || tm.tm_year > 8099)
		return false;
	if (*end == '.') {
		int64_t unit = 100;

		for (end++; *end >= '0' && *end <= '9'; end++) {
			fraction += (*end - '0') * unit;
			unit /= 10;
		}
	}
	if (strcmp(end, "Z"))
		return false;
	*ms = (int64_t)timegm(&tm) * 1000 + fraction;
	return true;
}

const char *vd_clock_text(int64_t ms, bool clock, char buf[static VD_CLOCK_TEXT])
{
	time_t s = ms / 1000;
	struct tm tm;
	size_t n;

	buf[0] = '\0';
	if (!localtime_r(&s, &tm))
		return buf;
	n = strftime(buf, VD_CLOCK_TEXT, clock ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S %Z", &tm);
	if (clock)
		snprintf(buf + n, VD_CLOCK_TEXT - n, ".%03d", (int)(ms % 1000));
	return buf;
}

const char *vd_since_text(const struct vd_ctl *ctl, const json_t *object, const char *key,
			  char buf[static VD_SPAN_TEXT])
{
	const char *iso = vd_js_str(object, key);
	int64_t ms;

	buf[0] = '\0';
	if (!iso || !vd_iso_parse(iso, &ms))
		return buf;
	ms = ms > ctl->now_ms ? ms - ctl->now_ms : ctl->now_ms - ms;
	return vd_span_text(ms / 1000, buf);
}
