/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ESP without UDP (protocol 50): our place in front of XFRM in the kernel's demultiplexer. A
 * packet whose SPI we don't know goes on to XFRM if that has any SA in the namespace, so both
 * work on one host.
 */
#ifndef _VIADUCT_PROTO_H
#define _VIADUCT_PROTO_H

int vdt_proto_init(void);
void vdt_proto_exit(void);

#endif /* _VIADUCT_PROTO_H */
