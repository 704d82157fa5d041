/* SPDX-License-Identifier: Apache-2.0 */
/* password: argon2id of passwords (account.h); touches no row. */
#include <sodium.h>

#include "store/account.h"

enum { ARGON_PASSES = 3, ARGON_BYTES = 64 << 20 }; /* a third of a second on one core */

int account_hash_password(struct arena *a, struct str password, struct str *hash, struct err *e)
{
	if (password.len < ACCOUNT_PASSWORD_MIN)
		return err_field(
			e, "password",
			"A password has at least %d characters. A few unrelated words do well.",
			ACCOUNT_PASSWORD_MIN);
	if (password.len > ACCOUNT_PASSWORD_MAX)
		return err_field(e, "password", "A password has at most %d characters.",
				 ACCOUNT_PASSWORD_MAX);
	char text[crypto_pwhash_STRBYTES];
	if (sodium_init() < 0 ||
	    crypto_pwhash_str(text, password.at, password.len, ARGON_PASSES, ARGON_BYTES) != 0)
		return err_fail(e, ERR_BUSY,
				"There is no memory to hash the password. Try again in a moment.");
	*hash = str_copy(a, str_of(text));
	return 0;
}

/* Costs as much as a real check and is never right: nobody knows a password of this hash. */
static bool spend_the_time(struct str password)
{
	unsigned char key[32], salt[crypto_pwhash_SALTBYTES] = { 0 };
	(void)!crypto_pwhash(key, sizeof(key), password.at, password.len, salt, ARGON_PASSES,
			     ARGON_BYTES, crypto_pwhash_ALG_ARGON2ID13);
	sodium_memzero(key, sizeof(key));
	return false;
}

bool account_password_is(struct str hash, struct str password)
{
	if (sodium_init() < 0 || password.len > ACCOUNT_PASSWORD_MAX)
		return false;
	struct str safe = password.at ? password : STR("");
	if (!hash.len)
		return spend_the_time(safe);
	ARENA(a);
	return hash.len < crypto_pwhash_STRBYTES &&
	       crypto_pwhash_str_verify(str_z(&a, hash), safe.at, safe.len) == 0;
}
