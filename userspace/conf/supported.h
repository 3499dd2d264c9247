/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which transforms of the registry this version can really carry out: IKE by
 * userspace/crypto, ESP by the module. Kept apart from the registry, which names
 * all that a peer may offer.
 */
#ifndef VD_CONF_SUPPORTED_H
#define VD_CONF_SUPPORTED_H

#include <stdbool.h>

#include "ike/transform.h"

bool conf_transform_supported(enum ike_protocol protocol, const struct ike_transform *t);

#endif
