// SPDX-License-Identifier: GPL-2.0-only
/* ESP in UDP: the daemon's sockets. Role and locks: udp.h. RFC 3948, 2.2 and 2.3. */
#include <linux/file.h>
#include <linux/netlink.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/udp.h>
#include <net/udp_tunnel.h>

#include "main.h"
#include "netdev.h"
#include "rx.h"
#include "udp.h"

#define ENCAP_TYPE	0x76	/* not one of UDP_ENCAP_*: nobody else may feel addressed */

/* An attached socket. It holds no reference: closing the socket ends it (encap_destroy). */
struct vdt_sock {
	struct list_head node;
	struct sock *sk;
	bool mc_loop;			/* as it was before */
};

/*
 * A datagram: IKE behind four zero octets, a NAT keepalive of one 0xff, or ESP. 0: taken;
 * 1: for the socket.
 */
static int encap_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct net *net = sock_net(sk);
	u32 len = skb->len - sizeof(struct udphdr);
	__be16 port = udp_hdr(skb)->source;
	__be32 buf, *marker;
	u8 first, *octet;

	if (len == 1) {
		octet = skb_header_pointer(skb, sizeof(struct udphdr), 1, &first);
		if (octet && *octet == 0xff) {
			kfree_skb(skb);
			return 0;
		}
	}
	marker = skb_header_pointer(skb, sizeof(struct udphdr), sizeof(buf), &buf);
	if (marker && !*marker)
		return 1;
	if (!marker || !pskb_may_pull(skb, sizeof(struct udphdr))) {
		vdt_net_drop(net, VIADUCT_DROP_RX_TRUNCATED, 1);
		kfree_skb(skb);
		return 0;
	}
	__skb_pull(skb, sizeof(struct udphdr));
	vdt_rx_enqueue(skb, net, port);
	return 0;
}

static struct vdt_sock *find(struct vdt_net *vn, const struct sock *sk)
{
	struct vdt_sock *vs;

	list_for_each_entry(vs, &vn->sockets, node)
		if (vs->sk == sk)
			return vs;
	return NULL;
}

/* The socket is being closed. */
static void encap_destroy(struct sock *sk)
{
	struct vdt_net *vn = vdt_net(sock_net(sk));
	struct vdt_sock *vs;

	spin_lock_bh(&vn->lock);
	vs = find(vn, sk);
	if (vs)
		list_del(&vs->node);
	spin_unlock_bh(&vn->lock);
	kfree(vs);
}

/* The UDP socket @fd of the caller in @net, with a reference on its file. */
static struct socket *get_socket(struct net *net, u32 fd, struct netlink_ext_ack *extack)
{
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &err);
	if (!sock) {
		NL_SET_ERR_MSG(extack, "the file descriptor is not a socket of the sender");
		return ERR_PTR(err);
	}
	if ((sock->sk->sk_family != AF_INET && sock->sk->sk_family != AF_INET6) ||
	    sock->sk->sk_protocol != IPPROTO_UDP || sock->sk->sk_type != SOCK_DGRAM) {
		NL_SET_ERR_MSG(extack, "the socket is not a UDP socket");
		err = -EPROTOTYPE;
	} else if (!net_eq(sock_net(sock->sk), net)) {
		NL_SET_ERR_MSG(extack, "the socket belongs to another network namespace");
		err = -EINVAL;
	} else if (!inet_sk(sock->sk)->inet_num) {
		NL_SET_ERR_MSG(extack, "the socket is not bound");
		err = -EINVAL;
	} else {
		return sock;
	}
	sockfd_put(sock);
	return ERR_PTR(err);
}

int vdt_udp_attach(struct net *net, u32 fd, struct netlink_ext_ack *extack)
{
	struct udp_tunnel_sock_cfg cfg = {
		.encap_type = ENCAP_TYPE,
		.encap_rcv = encap_rcv,
		.encap_destroy = encap_destroy,
	};
	struct vdt_net *vn = vdt_net(net);
	struct vdt_sock *vs;
	struct socket *sock;
	int err = 0;

	vs = kzalloc(sizeof(*vs), GFP_KERNEL_ACCOUNT);
	if (!vs)
		return -ENOMEM;
	sock = get_socket(net, fd, extack);
	if (IS_ERR(sock)) {
		kfree(vs);
		return PTR_ERR(sock);
	}
	vs->sk = sock->sk;

	lock_sock(sock->sk);
	spin_lock_bh(&vn->lock);
	if (find(vn, sock->sk)) {
		NL_SET_ERR_MSG(extack, "the socket is attached already");
		err = -EALREADY;
	} else if (udp_sk(sock->sk)->encap_type || READ_ONCE(sock->sk->sk_user_data)) {
		NL_SET_ERR_MSG(extack, "the socket carries another encapsulation");
		err = -EBUSY;
	} else {
		list_add(&vs->node, &vn->sockets);
	}
	spin_unlock_bh(&vn->lock);
	if (err) {
		kfree(vs);
	} else {
		vs->mc_loop = vdt_compat_mc_loop(sock->sk);
		vdt_compat_tunnel_sock(net, sock, &cfg);
	}
	release_sock(sock->sk);
	sockfd_put(sock);
	return err;
}

/* Make @sk a plain socket again. It is not being freed. */
static void restore(struct sock *sk, bool mc_loop)
{
	WRITE_ONCE(udp_sk(sk)->encap_type, 0);
	WRITE_ONCE(udp_sk(sk)->encap_rcv, NULL);
	WRITE_ONCE(udp_sk(sk)->encap_destroy, NULL);
	vdt_compat_set_mc_loop(sk, mc_loop);
	inet_dec_convert_csum(sk);
}

int vdt_udp_detach(struct net *net, u32 fd, struct netlink_ext_ack *extack)
{
	struct vdt_net *vn = vdt_net(net);
	struct vdt_sock *vs;
	struct socket *sock;

	sock = get_socket(net, fd, extack);
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	lock_sock(sock->sk);
	spin_lock_bh(&vn->lock);
	vs = find(vn, sock->sk);
	if (vs)
		list_del(&vs->node);
	spin_unlock_bh(&vn->lock);
	if (vs)
		restore(sock->sk, vs->mc_loop);
	else
		NL_SET_ERR_MSG(extack, "the socket is not attached");
	release_sock(sock->sk);
	sockfd_put(sock);
	synchronize_net();		/* encap_rcv has run out */
	if (!vs)
		return -ENOENT;
	kfree(vs);
	return 0;
}

void vdt_udp_detach_all(struct net *net)
{
	struct vdt_net *vn = vdt_net(net);
	struct vdt_sock *vs, *next;

	/* A socket that is being closed waits for the lock in encap_destroy, so it is valid. */
	spin_lock_bh(&vn->lock);
	list_for_each_entry_safe(vs, next, &vn->sockets, node) {
		restore(vs->sk, vs->mc_loop);
		list_del(&vs->node);
		kfree(vs);
	}
	spin_unlock_bh(&vn->lock);
}
