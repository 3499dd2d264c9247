/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmit: from an inner packet to ESP on the outer route.
 *
 *   vdt_tx_xmit   netdev -> child.h: which child, which SA, or wait
 *   vdt_tx_send   output.h: route and room; cut GSO packets up; expire.h; per buffer: reserve
 *                 its sequence numbers at once, copy, esp.h: seal
 *   (tx_done)     now or later: output.h: outer headers, send
 *
 * No lock. Under RCU, bottom halves disabled.
 */
#ifndef _VIADUCT_TX_H
#define _VIADUCT_TX_H

#include "sa.h"

/* ndo_start_xmit of a tunnel. */
netdev_tx_t vdt_tx_xmit(struct sk_buff *skb, struct net_device *dev);

/*
 * Send the inner packet @skb, whose network header is set and IP header linear, with the
 * outbound @sa. Consumes it; drops are counted.
 */
void vdt_tx_send(struct vdt_sa *sa, struct sk_buff *skb);

#endif /* _VIADUCT_TX_H */
