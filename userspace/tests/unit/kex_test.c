// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto/kex.c: RFC 5903, 8 (ECP), RFC 7748, 5.2 and 6 (Curve25519/448), MODP against numbers computed
 * by other means, and every public value that must be refused (RFC 6989, RFC 8031).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>

#include "crypto/kex.h"
#include "crypto/ops.h"
#include "tests/common/hex.h"
#include "tests/common/test_ops.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static struct ike_ops ops;

static int open_ops(void **state)
{
	return vd_crypto_open(&ops);
}

static int close_ops(void **state)
{
	vd_crypto_close(&ops);
	return 0;
}

static void set_hex(struct vd_secret *s, const char *text)
{
	uint8_t buf[IKE_DH_MAX];

	assert_int_equal(vd_secret_set(s, buf, test_hex(text, buf, sizeof(buf))), 0);
}

/* A private number of the group's length from its low octets. */
static void set_number(struct vd_secret *s, size_t len, const uint8_t *low, size_t n)
{
	assert_int_equal(vd_secret_alloc(s, len), 0);
	memcpy(s->data + len - n, low, n);
}

static void check(enum ike_dh group, const char *priv, const char *peer, const char *want)
{
	vd_auto_secret p = { 0 };
	vd_auto_secret shared = { 0 };
	uint8_t pub[IKE_DH_MAX], expected[IKE_DH_MAX];
	size_t pub_len = test_hex(peer, pub, sizeof(pub));
	size_t len = test_hex(want, expected, sizeof(expected));

	set_hex(&p, priv);
	assert_int_equal(vd_kex_derive(group, &p, pub, pub_len, &shared), 0);
	assert_int_equal(shared.len, len);
	assert_memory_equal(shared.data, expected, len);
}

static const enum ike_dh all_groups[] = {
	IKE_DH_MODP2048, IKE_DH_MODP3072, IKE_DH_MODP4096, IKE_DH_MODP6144, IKE_DH_MODP8192,
	IKE_DH_ECP256, IKE_DH_ECP384, IKE_DH_ECP521, IKE_DH_CURVE25519, IKE_DH_CURVE448,
};

/* ---- vectors ---- */

static const struct ecp_vector {
	enum ike_dh group;
	const char *base;	/* the generator, x | y (RFC 5903, 3) */
	const char *i, *gix, *giy, *r, *grx, *gry, *girx;
} ecp[] = {
	{ IKE_DH_ECP256,
	  "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
	  "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
	  "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
	  "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180",
	  "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
	  "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
	  "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63",
	  "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
	  "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE" },
	{ IKE_DH_ECP384,
	  "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7"
	  "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F",
	  "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655E35B538041E649EE3FAEF896783AB194",
	  "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6DE3AC808ACB4BDB4C88732AEE95F41AA",
	  "9482ED1FC0EEB9CAFC4984625CCFC23F65032149E0E144ADA024181535A0F38EEB9FCFF3C2C947DAE69B4C634573A81C",
	  "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942E0308312916B8ED2960E4BD55A7448FC",
	  "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D0D1AC43A0336DEF96FDA41D0774A3571",
	  "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FFF83FA40142209DFF5EAAD96DB9E6386C",
	  "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4D603135569B9E9D09CF5D4A270F59746" },
	{ IKE_DH_ECP521,
	  "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FF"
	  "A8DE3348B3C1856A429BF97E7E31C2E5BD66"
	  "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD"
	  "0761353C7086A272C24088BE94769FD16650",
	  "0037ADE9319A89F4DABDB3EF411AACCCA5123C61ACAB57B5393DCE47608172A095AA85A30FE1C2952C6771D937BA9777"
	  "F5957B2639BAB072462F68C27A57382D4A52",
	  "0015417E84DBF28C0AD3C278713349DC7DF153C897A1891BD98BAB4357C9ECBEE1E3BF42E00B8E380AEAE57C2D107564"
	  "941885942AF5A7F4601723C4195D176CED3E",
	  "017CAE20B6641D2EEB695786D8C946146239D099E18E1D5A514C739D7CB4A10AD8A788015AC405D7799DC75E7B7D5B6C"
	  "F2261A6A7F1507438BF01BEB6CA3926F9582",
	  "0145BA99A847AF43793FDD0E872E7CDFA16BE30FDC780F97BCCC3F078380201E9C677D600B343757A3BDBF2A3163E4C2"
	  "F869CCA7458AA4A4EFFC311F5CB151685EB9",
	  "00D0B3975AC4B799F5BEA16D5E13E9AF971D5E9B984C9F39728B5E5739735A219B97C356436ADC6E95BB0352F6BE64A6"
	  "C2912D4EF2D0433CED2B6171640012D9460F",
	  "015C68226383956E3BD066E797B623C27CE0EAC2F551A10C2C724D9852077B87220B6536C5C408A1D2AEBB8E86D678AE"
	  "49CB57091F4732296579AB44FCD17F0FC56A",
	  "01144C7D79AE6956BC8EDB8E7C787C4521CB086FA64407F97894E5E6B2D79B04D1427E73CA4BAA240A34786859810C06"
	  "B3C715A3A8CC3151F2BEE417996D19F3DDEA" },
};

static void test_ecp_rfc5903(void **state)
{
	for (size_t k = 0; k < ARRAY_SIZE(ecp); k++) {
		const struct ecp_vector *v = &ecp[k];
		char gi[300], gr[300];

		strcat(strcpy(gi, v->gix), v->giy);
		strcat(strcpy(gr, v->grx), v->gry);
		check(v->group, v->i, gr, v->girx);
		check(v->group, v->r, gi, v->girx);
		check(v->group, v->i, v->base, v->gix);
		check(v->group, v->r, v->base, v->grx);
	}
}

static void test_curves_rfc7748(void **state)
{
	static const char a25519[] = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
	static const char b25519[] = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
	static const char pa25519[] = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
	static const char pb25519[] = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
	static const char k25519[] = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
	static const char nine[] = "0900000000000000000000000000000000000000000000000000000000000000";
	static const char a448[] = "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d"
				   "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b";
	static const char b448[] = "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d"
				   "6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d";
	static const char pa448[] = "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c"
				    "22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0";
	static const char pb448[] = "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430"
				    "27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609";
	static const char k448[] = "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b"
				   "b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d";

	check(IKE_DH_CURVE25519, "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
	      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
	      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
	check(IKE_DH_CURVE25519, a25519, nine, pa25519);
	check(IKE_DH_CURVE25519, b25519, nine, pb25519);
	check(IKE_DH_CURVE25519, a25519, pb25519, k25519);
	check(IKE_DH_CURVE25519, b25519, pa25519, k25519);
	check(IKE_DH_CURVE448, a448, pb448, k448);
	check(IKE_DH_CURVE448, b448, pa448, k448);
}

/*
 * Primes computed from RFC 3526's formula (2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) pi) + c)), powers by Python.
 * a = 28 octets a5, b = 28 octets 3c; A = 2^a, B = 2^b; SHA-256 of the padded numbers.
 * zero: the least number k with a leading zero octet in A^k.
 */
static const struct modp_vector {
	enum ike_dh group;
	const char *sha_B, *sha_shared;
	uint16_t zero;
	const char *sha_zero;
} modp[] = {
	{ IKE_DH_MODP2048, "da91ce774b9befdc9c0d2468880ef114c2fb818fdd20eee1854631e8a41277da",
	  "ca672da3ffd5183ef561ae53d57ac37da9c4effea84429359233728a6da74dca", 646,
	  "e7807b0457bc96cf0cee60ccc658bbd33a0c6c76912c127136bf3aa805f0c56b" },
	{ IKE_DH_MODP3072, "709b466305f9b78d556770d553d14fddbc4d1733463132c92933d087eeddb4cc",
	  "3ce273e41a8d90bea8fe55aa246bca8cb0c4f238efa8988cf6c8893d13ca9736", 633,
	  "7abee3977f6c540b82967e912ec4babbc440d3800928906d2765ef9a641e8b62" },
	{ IKE_DH_MODP4096, "280da6298530eacc9c2f7f6319645f910c91caff0f80d1d7fb1d7987f89d7446",
	  "7f1be35098fed6a112176a713e4eb1d3db7afbdbbb764fc46074d8762ea52e8b", 401,
	  "6f5cdb95647c1968952f41a25425d73674c6cc233560664eaf4484e7e2d822e0" },
	{ IKE_DH_MODP6144, "ad70aa39e35080122f34d968adba9f0c1d269c968008b9ad45c34b043c2dbc2d",
	  "76da3049dc1a6a553a55faca66052f735b5a67e4058631655c7af90d096b4333", 341,
	  "becd8043925e87f37454cccf075becc70e9b88ea5d9cb376356d9adf67044a53" },
	{ IKE_DH_MODP8192, "b08bb8104e8cc6c361fc24a31af1330ad3b311d644198665c60258dda10a44d2",
	  "02ab733748948be9f3614caa5b8f70c0904b13343c3547e5d5ad54fcf19326f9", 199,
	  "947b77d33c42e9ad9a2360090b76dd4a0ad755f0d42560a28d3453db704d9da1" },
};

static void assert_sha256(const struct vd_secret *s, const char *want)
{
	struct ike_iov in = { s->data, s->len };
	uint8_t got[32], expected[32];

	test_hex(want, expected, sizeof(expected));
	assert_int_equal(ops.hash(ops.ctx, IKE_HASH_SHA2_256, &in, 1, got), 0);
	assert_memory_equal(got, expected, sizeof(got));
}

static void test_modp(void **state)
{
	uint8_t a[28], b[28], two[IKE_DH_MAX];

	memset(a, 0xa5, sizeof(a));
	memset(b, 0x3c, sizeof(b));
	for (size_t i = 0; i < ARRAY_SIZE(modp); i++) {
		size_t len = vd_kex_public_len(modp[i].group);
		const uint8_t zero[] = { (uint8_t)(modp[i].zero >> 8), (uint8_t)modp[i].zero };
		vd_auto_secret pa = { 0 };
		vd_auto_secret pb = { 0 };
		vd_auto_secret pz = { 0 };
		vd_auto_secret A = { 0 };
		vd_auto_secret B = { 0 };
		vd_auto_secret shared = { 0 };

		set_number(&pa, len, a, sizeof(a));
		set_number(&pb, len, b, sizeof(b));
		set_number(&pz, len, zero, sizeof(zero));
		memset(two, 0, sizeof(two));
		two[len - 1] = 2;
		assert_int_equal(vd_kex_derive(modp[i].group, &pa, two, len, &A), 0);
		assert_int_equal(vd_kex_derive(modp[i].group, &pb, two, len, &B), 0);
		assert_sha256(&B, modp[i].sha_B);
		assert_int_equal(vd_kex_derive(modp[i].group, &pa, B.data, len, &shared), 0);
		assert_sha256(&shared, modp[i].sha_shared);
		assert_int_equal(vd_kex_derive(modp[i].group, &pb, A.data, len, &shared), 0);
		assert_sha256(&shared, modp[i].sha_shared);
		/* The secret is padded to the modulus (RFC 7296, 2.14). */
		assert_int_equal(vd_kex_derive(modp[i].group, &pz, A.data, len, &shared), 0);
		assert_int_equal(shared.len, len);
		assert_int_equal(shared.data[0], 0);
		assert_sha256(&shared, modp[i].sha_zero);
	}
}

/* ---- pairs ---- */

static void test_pairs_agree(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_groups); i++) {
		vd_auto_secret a = { 0 };
		vd_auto_secret b = { 0 };
		vd_auto_secret sa = { 0 };
		vd_auto_secret sb = { 0 };
		uint8_t pa[IKE_DH_MAX], pb[IKE_DH_MAX];
		size_t la = 0, lb = 0;

		assert_int_equal(vd_kex_generate(all_groups[i], &a, pa, &la), 0);
		assert_int_equal(vd_kex_generate(all_groups[i], &b, pb, &lb), 0);
		assert_int_equal(la, vd_kex_public_len(all_groups[i]));
		assert_int_equal(lb, la);
		assert_memory_not_equal(pa, pb, la);
		assert_int_equal(vd_kex_derive(all_groups[i], &a, pb, lb, &sa), 0);
		assert_int_equal(vd_kex_derive(all_groups[i], &b, pa, la, &sb), 0);
		assert_int_equal(sa.len, sb.len);
		assert_memory_equal(sa.data, sb.data, sa.len);
	}
}

static void test_unknown_groups(void **state)
{
	static const enum ike_dh groups[] = { IKE_DH_NONE, IKE_DH_MODP768, IKE_DH_MODP1024, IKE_DH_MODP1536 };
	vd_auto_secret s = { 0 };
	uint8_t pub[IKE_DH_MAX];
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		assert_int_equal(vd_kex_public_len(groups[i]), 0);
		assert_int_equal(vd_kex_generate(groups[i], &s, pub, &len), -ENOTSUP);
		assert_int_equal(vd_kex_derive(groups[i], &s, pub, 128, &s), -ENOTSUP);
	}
	assert_int_equal(vd_kex_public_len((enum ike_dh)1000), 0);
}

/* ---- what a hostile peer may send ---- */

static void assert_refused(enum ike_dh group, const struct vd_secret *priv, const uint8_t *peer, size_t len)
{
	vd_auto_secret shared = { 0 };

	assert_int_equal(vd_secret_set(&shared, "before", 6), 0);
	assert_int_equal(vd_kex_derive(group, priv, peer, len, &shared), -EBADMSG);
	assert_int_equal(shared.len, 6);
	assert_memory_equal(shared.data, "before", 6);
}

static void test_lengths(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_groups); i++) {
		vd_auto_secret priv = { 0 };
		vd_auto_secret other = { 0 };
		vd_auto_secret shared = { 0 };
		uint8_t pub[IKE_DH_MAX + 1] = { 0 };
		size_t len;

		assert_int_equal(vd_kex_generate(all_groups[i], &priv, pub, &len), 0);
		assert_refused(all_groups[i], &priv, pub, 0);
		assert_refused(all_groups[i], &priv, pub, len - 1);
		assert_refused(all_groups[i], &priv, pub, len + 1);
		assert_int_equal(vd_secret_set(&other, priv.data, priv.len - 1), 0);
		assert_int_equal(vd_kex_derive(all_groups[i], &other, pub, len, &shared), -EINVAL);
	}
}

static BIGNUM *modp_prime(enum ike_dh group)
{
	if (group == IKE_DH_MODP2048)
		return BN_get_rfc3526_prime_2048(NULL);
	if (group == IKE_DH_MODP3072)
		return BN_get_rfc3526_prime_3072(NULL);
	if (group == IKE_DH_MODP4096)
		return BN_get_rfc3526_prime_4096(NULL);
	if (group == IKE_DH_MODP6144)
		return BN_get_rfc3526_prime_6144(NULL);
	return BN_get_rfc3526_prime_8192(NULL);
}

/* RFC 6989, 2.1: 0, 1, p-1, p, p+1 and all ones are refused; 2 is not. */
static void test_modp_range(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(modp); i++) {
		vd_auto_secret priv = { 0 };
		vd_auto_secret shared = { 0 };
		uint8_t v[IKE_DH_MAX] = { 0 }, pub[IKE_DH_MAX];
		BIGNUM *p = modp_prime(modp[i].group);
		size_t len;

		assert_int_equal(vd_kex_generate(modp[i].group, &priv, pub, &len), 0);
		assert_refused(modp[i].group, &priv, v, len);
		v[len - 1] = 1;
		assert_refused(modp[i].group, &priv, v, len);
		v[len - 1] = 2;
		assert_int_equal(vd_kex_derive(modp[i].group, &priv, v, len, &shared), 0);
		/* The private number times the generator is the public value. */
		assert_memory_equal(shared.data, pub, len);
		memset(v, 0xff, sizeof(v));
		assert_refused(modp[i].group, &priv, v, len);

		assert_int_equal(BN_sub_word(p, 1), 1);
		for (int k = 0; k < 3; k++) {
			assert_int_equal(BN_bn2binpad(p, v, (int)len), (int)len);
			assert_refused(modp[i].group, &priv, v, len);
			assert_int_equal(BN_add_word(p, 1), 1);
		}
		BN_free(p);
	}
}

static void test_ecp_invalid_curve(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(ecp); i++) {
		vd_auto_secret priv = { 0 };
		uint8_t good[IKE_DH_MAX], v[IKE_DH_MAX];
		size_t len;

		assert_int_equal(vd_kex_generate(ecp[i].group, &priv, good, &len), 0);
		/* Off the curve by one bit in either coordinate: an invalid-curve attack's point. */
		for (size_t at = 0; at < len; at += 7) {
			memcpy(v, good, len);
			v[at] ^= 1;
			assert_refused(ecp[i].group, &priv, v, len);
		}
		memset(v, 0, sizeof(v));
		assert_refused(ecp[i].group, &priv, v, len);
		memset(v, 0xff, sizeof(v));
		assert_refused(ecp[i].group, &priv, v, len);
		/* x good, y absent; x and y exchanged. */
		memcpy(v, good, len / 2);
		memset(v + len / 2, 0, len / 2);
		assert_refused(ecp[i].group, &priv, v, len);
		memcpy(v, good + len / 2, len / 2);
		memcpy(v + len / 2, good, len / 2);
		assert_refused(ecp[i].group, &priv, v, len);
	}
}

/* All points of small order, canonical or not: RFC 8031, 2.2 wants the all-zero result refused. */
static void test_curves_small_order(void **state)
{
	static const char *const points25519[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0000000000000000000000000000000000000000000000000000000000000080",
	};
	static const char *const points448[] = {
		"00000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000",
		"01000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000",
		"feffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"feffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"feffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"00000000000000000000000000000000000000000000000000000000"
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	};
	vd_auto_secret p25519 = { 0 };
	vd_auto_secret p448 = { 0 };
	uint8_t v[IKE_DH_MAX];
	size_t len;

	assert_int_equal(vd_kex_generate(IKE_DH_CURVE25519, &p25519, v, &len), 0);
	assert_int_equal(vd_kex_generate(IKE_DH_CURVE448, &p448, v, &len), 0);
	for (size_t i = 0; i < ARRAY_SIZE(points25519); i++) {
		len = test_hex(points25519[i], v, sizeof(v));
		assert_refused(IKE_DH_CURVE25519, &p25519, v, len);
	}
	for (size_t i = 0; i < ARRAY_SIZE(points448); i++) {
		len = test_hex(points448[i], v, sizeof(v));
		assert_refused(IKE_DH_CURVE448, &p448, v, len);
	}
}

/* RFC 7748, 5: the top bit of a Curve25519 value is ignored. */
static void test_curve25519_top_bit(void **state)
{
	vd_auto_secret a = { 0 };
	vd_auto_secret b = { 0 };
	vd_auto_secret one = { 0 };
	vd_auto_secret two = { 0 };
	uint8_t pub[IKE_DH_MAX];
	size_t len;

	assert_int_equal(vd_kex_generate(IKE_DH_CURVE25519, &a, pub, &len), 0);
	assert_int_equal(vd_kex_generate(IKE_DH_CURVE25519, &b, pub, &len), 0);
	assert_int_equal(vd_kex_derive(IKE_DH_CURVE25519, &a, pub, len, &one), 0);
	pub[31] |= 0x80;
	assert_int_equal(vd_kex_derive(IKE_DH_CURVE25519, &a, pub, len, &two), 0);
	assert_memory_equal(one.data, two.data, 32);
}

/* ---- the tests' seeded pairs ---- */

static void test_seeded_pairs(void **state)
{
	static const enum ike_dh groups[] = { IKE_DH_MODP2048, IKE_DH_MODP8192, IKE_DH_CURVE25519, IKE_DH_CURVE448 };
	struct ike_ops t;

	test_ops_open(&t, 1);
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		vd_auto_secret a = { 0 };
		vd_auto_secret b = { 0 };
		vd_auto_secret sa = { 0 };
		vd_auto_secret sb = { 0 };
		uint8_t pa[IKE_DH_MAX], pb[IKE_DH_MAX], again[IKE_DH_MAX];
		size_t len;

		test_ops_seed(&t, 42);
		assert_int_equal(test_ops_kex_generate(&t, groups[i], &a, pa, &len), 0);
		assert_int_equal(vd_kex_generate(groups[i], &b, pb, &len), 0);
		assert_int_equal(vd_kex_derive(groups[i], &a, pb, len, &sa), 0);
		assert_int_equal(vd_kex_derive(groups[i], &b, pa, len, &sb), 0);
		assert_memory_equal(sa.data, sb.data, len);
		test_ops_seed(&t, 42);
		assert_int_equal(test_ops_kex_generate(&t, groups[i], &a, again, &len), 0);
		assert_memory_equal(pa, again, len);
	}
	test_ops_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ecp_rfc5903),
		cmocka_unit_test(test_curves_rfc7748),
		cmocka_unit_test(test_modp),
		cmocka_unit_test(test_pairs_agree),
		cmocka_unit_test(test_unknown_groups),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_modp_range),
		cmocka_unit_test(test_ecp_invalid_curve),
		cmocka_unit_test(test_curves_small_order),
		cmocka_unit_test(test_curve25519_top_bit),
		cmocka_unit_test(test_seeded_pairs),
	};

	return cmocka_run_group_tests_name("kex", tests, open_ops, close_ops);
}
