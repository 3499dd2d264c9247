/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two engines joined back to back for fuzzing: every action is done at once, datagrams wait until they
 * are delivered, and the pretended kernel aborts when asked for what it must never be asked for.
 */
#ifndef TESTS_COMMON_IKE_PAIR_H
#define TESTS_COMMON_IKE_PAIR_H

#include "ike/engine.h"

#define PAIR_SAS	512
#define PAIR_QUEUE	32

struct pair_sa {
	char			tunnel[16];
	uint32_t		spi;
	bool			inbound;
	bool			larval;
};

struct pair_datagram {
	struct ike_path		path;	/* the receiver's */
	struct vd_secret	octets;
};

struct pair_end {
	struct ike_pair		*pair;
	struct ike_ops		ops;
	struct ike_engine	*engine;
	struct ike_config	config;
	struct ike_gateway_conf	gateway;
	struct ike_tunnel_conf	tunnels[2];
	struct vd_addr		addr;
	struct pair_sa		sas[PAIR_SAS];
	uint32_t		next_spi;
	bool			stalled;	/* DH, keys and kernel don't answer */
	struct pair_datagram	inbox[PAIR_QUEUE];
	uint32_t		n_inbox;
};

struct ike_pair {
	struct pair_end		end[2];		/* 0 starts */
	vd_time			now;
};

/* Two configured engines that have not heard of each other; @start: end 0 begins at once. */
struct ike_pair *pair_new(bool start);
void pair_free(struct ike_pair *p);
/* Does what the engine wants. */
void pair_drain(struct pair_end *e);
/* Delivers what waits for @e now. */
void pair_deliver(struct pair_end *e);
/* Delivers both ways, @rounds times. */
void pair_run(struct ike_pair *p, int rounds);
void pair_advance(struct ike_pair *p, vd_time by);
/* A datagram for @e by the way its peer's come. */
void pair_inject(struct pair_end *e, bool natt, const uint8_t *data, size_t len);

#endif
