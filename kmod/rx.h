/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive: from an ESP packet to an inner packet on the tunnel device.
 *
 *   proto.c, udp.c     vdt_rx_enqueue: on the list of this CPU, or of the one that has others of
 *                      this SA already (steer.h); NAPI scheduled
 *   NAPI poll          a batch: sadb.h: which SA; replay.h: cheap check; esp.h: open
 *   (rx_opened)        now, or later on the list of completed packets
 *   same poll          commit the replay window, once per SA and batch; strip; selectors;
 *                      ECN; napi_gro_receive on the tunnel
 *
 * One NAPI instance per CPU serves all tunnels of all namespaces. Packets in its lists hold no
 * reference: they carry their namespace and look their SA up when their turn comes. At the end
 * of each poll nothing is held back (GRO included), so a grace period after an SA or a device
 * became unfindable no packet refers to it.
 *
 * Lock: each list has its own; vdt_sa.lock around the commit.
 */
#ifndef _VIADUCT_RX_H
#define _VIADUCT_RX_H

#include <linux/skbuff.h>

int vdt_rx_init(void);
void vdt_rx_exit(void);

/*
 * Take over @skb, whose data is at the SPI and whose network header is the outer IP header;
 * @net is its namespace, @port the peer's UDP port or 0 without UDP. Softirq.
 */
void vdt_rx_enqueue(struct sk_buff *skb, struct net *net, __be16 port);

/* Drop the packets of @net, which is going and gets no new ones. May sleep. */
void vdt_rx_purge(const struct net *net);

#endif /* _VIADUCT_RX_H */
