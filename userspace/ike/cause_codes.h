/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every cause of failure: number, name, title, fix. The one table from which the
 * log's message catalogue, `viaductctl explain`, and the manual are made.
 *
 *   1xxx Phase 1 · 2xxx Phase 2 · 3xxx authentication and identities · 4xxx network
 *   5xxx datapath · 6xxx configuration · 9xxx internal
 *
 * A number is never given to another meaning. In the fix, {ours} {theirs} {peer} {pos}
 * stand for the cause's values.
 */
#ifndef IKE_CAUSE_CODES_H
#define IKE_CAUSE_CODES_H

/* X(number, NAME, title, fix) */
#define IKE_CAUSE_CODES(X) \
	X(1101, P1_ENCR, "Phase 1 refused: encryption differs", \
	  "set the same encryption on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(1102, P1_INTEG, "Phase 1 refused: integrity algorithm differs", \
	  "set the same hash on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(1103, P1_DH, "Phase 1 refused: DH group differs", \
	  "set a common DH group: {ours} here in {pos}, {theirs} on the peer") \
	X(1104, P1_PRF, "Phase 1 refused: PRF differs", \
	  "set the same PRF on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(1105, P1_PROPOSAL, "Phase 1 refused: no common proposal", \
	  "make one whole proposal the same on both ends: {pos}") \
	X(1106, P1_REFUSED, "Phase 1 refused by the peer: no proposal chosen", \
	  "the peer did not say what it wants; compare its Phase 1 proposals with {pos}") \
	X(1107, P1_VERSION, "Phase 1 refused: IKE version differs", \
	  "set the same IKE version on both ends: {pos}") \
	X(1108, P1_KE_LOOP, "Phase 1 refused: the peer keeps asking for another DH group", \
	  "the peer is inconsistent about its group ({theirs}); set one group on both ends") \
	X(1109, P1_COOKIE_LOOP, "Phase 1 refused: the peer keeps asking for a cookie", \
	  "the peer does not accept the cookies it issued; look at its log") \
	X(1110, P1_LIFETIME, "Phase 1 expired", \
	  "the IKE SA was not rekeyed in time") \
	X(1111, P1_DELETED, "Phase 1 closed by the peer", \
	  "look at the peer's log for the reason") \
	X(2101, P2_ENCR, "Phase 2 refused: encryption differs", \
	  "set the same encryption on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(2102, P2_INTEG, "Phase 2 refused: integrity algorithm differs", \
	  "set the same hash on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(2103, P2_PFS, "Phase 2 refused: PFS on one side only", \
	  "set the same PFS on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(2104, P2_DH, "Phase 2 refused: PFS group differs", \
	  "set a common PFS group: {ours} here in {pos}, {theirs} on the peer") \
	X(2105, P2_ESN, "Phase 2 refused: extended sequence numbers differ", \
	  "set esn the same on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(2106, P2_PROPOSAL, "Phase 2 refused: no common proposal", \
	  "make one whole proposal the same on both ends: {pos}") \
	X(2107, P2_REFUSED, "Phase 2 refused by the peer: no proposal chosen", \
	  "the peer did not say what it wants; compare its Phase 2 proposals and PFS with {pos}") \
	X(2108, P2_PROTOCOL, "Phase 2 refused: ESP or AH differs", \
	  "set protocol the same on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(2201, P2_TS, "Phase 2 refused: traffic selectors have nothing in common", \
	  "make the peer's local the same as ours remote, and the reverse: {pos}") \
	X(2202, P2_TS_REFUSED, "Phase 2 refused by the peer: traffic selectors unacceptable", \
	  "the peer did not say what it wants; its selectors must mirror {pos}") \
	X(2203, P2_TS_WIDENED, "Phase 2 refused: the peer answered with selectors wider than offered", \
	  "the peer violates RFC 7296, 2.9; update it") \
	X(2204, P2_SINGLE_PAIR, "Phase 2 refused by the peer: it takes one pair of selectors at a time", \
	  "give each pair of subnets a tunnel of its own: {pos}") \
	X(2205, P2_CP_REQUIRED, "Phase 2 refused by the peer: it requires a configuration request", \
	  "the peer expects to hand out an address; set it to site-to-site") \
	X(2206, P2_MODE, "Phase 2 refused: tunnel or transport mode differs", \
	  "set mode the same on both ends: {pos}") \
	X(2207, P2_NO_MORE, "Phase 2 refused by the peer: no additional SAs", \
	  "the peer accepts no further child SA on this IKE SA") \
	X(2208, P2_NOT_FOUND, "Rekey refused: the peer does not know the child SA", \
	  "the tunnel is set up anew") \
	X(2209, P2_TEMPORARY, "Refused by the peer for the moment", \
	  "tried again shortly; nothing to do") \
	X(2210, P2_DELETED, "Phase 2 closed by the peer", \
	  "look at the peer's log for the reason") \
	X(3101, AUTH_PSK, "Authentication failed: the pre-shared keys differ", \
	  "enter the same key on both ends: {pos}") \
	X(3102, AUTH_REFUSED, "Authentication refused by the peer", \
	  "the peer did not say why: compare the pre-shared key and both IDs with {pos}") \
	X(3103, AUTH_ID, "Authentication failed: the peer's ID is not the one expected", \
	  "set remote-id = {theirs} in {pos}, or the peer's local ID to {ours}") \
	X(3104, AUTH_METHOD, "Authentication failed: credential method differs", \
	  "set the same method on both ends: {ours} here in {pos}, {theirs} on the peer") \
	X(3105, AUTH_NO_GATEWAY, "Authentication failed: no gateway is configured for this peer", \
	  "configure a gateway with remote = {peer} or remote-id = {theirs}") \
	X(3106, AUTH_NO_SECRET, "Authentication impossible: no pre-shared key is loaded", \
	  "set secret-file in {pos}") \
	X(4101, NET_NO_ANSWER, "No answer from the peer", \
	  "check that {peer} is reachable and that UDP ports 500 and 4500 are open on the way") \
	X(4102, NET_DEAD, "The peer stopped answering", \
	  "check the peer and the way to it; the tunnel is restarted as dpd-action says") \
	X(4103, NET_NO_ROUTE, "No way to the peer from this host", \
	  "check address and route: ip route get {peer}") \
	X(4104, NET_NO_ANSWER_NATT, "No answer from the peer after the change to port 4500", \
	  "UDP 500 passes, 4500 does not: open UDP port 4500 on the way") \
	X(5101, KERNEL_REFUSED, "The kernel module refused an SA", \
	  "see the text; is the algorithm available? dmesg tells more") \
	X(5102, KERNEL_ABSENT, "The kernel module viaduct is not loaded", \
	  "install it: apt install viaduct-dkms, then modprobe viaduct") \
	X(5103, KERNEL_EXPIRED, "An SA reached its hard lifetime before it was rekeyed", \
	  "the peer or the network did not answer the rekey; see the lines before") \
	X(6101, CONF_REMOVED, "Removed from the configuration", \
	  "nothing to do") \
	X(6102, ADMIN_DOWN, "Taken down by the administrator", \
	  "viaductctl up brings it back") \
	X(9101, SYNTAX, "The peer sent a malformed message", \
	  "look at the peer's log; capture the exchange") \
	X(9102, CRITICAL, "The peer requires a payload we do not know", \
	  "the peer marks payload {theirs} critical; switch that feature off there") \
	X(9103, CRYPTO, "A cryptographic operation failed", \
	  "look at the log of viaductd") \
	X(9104, NO_MEMORY, "Out of memory", \
	  "the host is short of memory") \
	X(9105, PEER_ERROR, "The peer answered with an error", \
	  "look at the peer's log for notify {theirs}")

enum ike_cause_code {
	IKE_CAUSE_NONE = 0,
#define X(number, name, title, fix) IKE_CAUSE_##name = number,
	IKE_CAUSE_CODES(X)
#undef X
};

#endif
