/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of people, sessions and tokens. */
#include "fixture.h"

static struct account person(struct fixture *f, const char *login, enum right right)
{
	struct account a = { .login = str_of(login), .name = STR("Somebody"), .right = (int)right };
	OK(*f, account_add(store_writer(f->store), &f->arena, &a, &f->e));
	return a;
}

TEST(account_is_found_in_any_case)
{
	FIXTURE(f, w);
	struct account ana = person(&f, "Ana", RIGHT_ADMIN), got;
	assert_int_equal(ana.id.len, 11);
	assert_int_equal(ana.id.at[0], 'u');
	OK(f, account_find_login(w, STR("ana"), &f.arena, &got, &f.e));
	assert_true(str_eq(got.id, ana.id));
	assert_str(got.login, "Ana");
	assert_int_equal(got.right, RIGHT_ADMIN);
	assert_int_equal(got.created.ms, f.now_ms);
	struct account twin = { .login = STR("ANA"), .name = STR("Other") };
	REFUSED(f, account_add(w, &f.arena, &twin, &f.e), ERR_CONFLICT);
	struct account odd = { .login = STR("a b"), .name = STR("Odd") };
	REFUSED(f, account_add(w, &f.arena, &odd, &f.e), ERR_BAD_FIELD);
	assert_string_equal(f.e.field, "login");
	REFUSED(f, account_find_login(w, STR("nobody"), &f.arena, &got, &f.e), ERR_NOT_FOUND);
}

TEST(password_is_checked_slowly_and_well)
{
	FIXTURE(f, w);
	(void)w;
	struct str hash;
	REFUSED(f, account_hash_password(&f.arena, STR("too short"), &hash, &f.e), ERR_BAD_FIELD);
	assert_string_equal(f.e.field, "password");
	OK(f, account_hash_password(&f.arena, STR("correct horse"), &hash, &f.e));
	assert_true(str_starts(hash, STR("$argon2id$v=19$m=65536,t=3,p=1$")));
	assert_true(account_password_is(hash, STR("correct horse")));
	assert_false(account_password_is(hash, STR("correct house")));
	assert_false(account_password_is((struct str){ 0 }, STR("correct horse")));
}

TEST(last_administrator_stays)
{
	FIXTURE(f, w);
	struct account ana = person(&f, "ana", RIGHT_ADMIN), ben = person(&f, "ben", RIGHT_RESPOND);
	REFUSED(f, account_disable(w, ana.id, &f.e), ERR_CONFLICT);
	REFUSED(f, account_set_right(w, ana.id, RIGHT_VIEW, &f.e), ERR_CONFLICT);
	OK(f, account_set_right(w, ben.id, RIGHT_ADMIN, &f.e));
	OK(f, account_disable(w, ana.id, &f.e));
	REFUSED(f, account_disable(w, ben.id, &f.e), ERR_CONFLICT);
	REFUSED(f, account_enable(w, STR("unobody"), &f.e), ERR_NOT_FOUND);
	struct roster roster = { 0 };
	struct account_count count = { 0 };
	OK(f, account_roster(w, &f.arena, &roster, &f.e));
	OK(f, account_count(w, &count, &f.e));
	assert_int_equal(count.all, 2);
	assert_int_equal(roster.people.len, 2);
	assert_int_equal(roster.people.at[0].right, RIGHT_NONE);
	assert_int_equal(roster.people.at[1].right, RIGHT_ADMIN);
}

TEST(session_lives_until_it_is_idle_or_closed)
{
	FIXTURE(f, w);
	struct account ana = person(&f, "ana", RIGHT_RESPOND);
	struct session s, got;
	OK(f, session_open(w, ana.id, &f.arena, &s, &f.e));
	assert_int_equal(s.secret.len, 43);
	assert_false(str_eq(s.secret, s.csrf));
	OK(f, session_find(w, s.secret, &f.arena, &got, &f.e));
	assert_true(str_eq(got.user, ana.id));
	assert_true(str_eq(got.csrf, s.csrf));
	assert_int_equal(got.right, RIGHT_RESPOND);
	f.now_ms += SESSION_IDLE_MS - 1;
	OK(f, session_touch(w, s.secret, &f.e));
	f.now_ms += SESSION_IDLE_MS - 1;
	OK(f, session_find(w, s.secret, &f.arena, &got, &f.e));
	f.now_ms += 1;
	REFUSED(f, session_find(w, s.secret, &f.arena, &got, &f.e), ERR_SIGN_IN);
	OK(f, session_sweep(w, &f.e));
	f.now_ms -= 1;
	REFUSED(f, session_find(w, s.secret, &f.arena, &got, &f.e), ERR_SIGN_IN);
}

TEST(sessions_end_with_password_and_account)
{
	FIXTURE(f, w);
	struct account ana = person(&f, "ana", RIGHT_RESPOND);
	struct session one, two, got;
	OK(f, session_open(w, ana.id, &f.arena, &one, &f.e));
	OK(f, session_open(w, ana.id, &f.arena, &two, &f.e));
	OK(f, session_close(w, one.secret, &f.e));
	REFUSED(f, session_find(w, one.secret, &f.arena, &got, &f.e), ERR_SIGN_IN);
	OK(f, session_find(w, two.secret, &f.arena, &got, &f.e));
	OK(f, account_set_password(w, ana.id, STR("$argon2id$x"), &f.e));
	REFUSED(f, session_find(w, two.secret, &f.arena, &got, &f.e), ERR_SIGN_IN);
	OK(f, session_open(w, ana.id, &f.arena, &one, &f.e));
	OK(f, account_disable(w, ana.id, &f.e));
	OK(f, account_enable(w, ana.id, &f.e));
	REFUSED(f, session_find(w, one.secret, &f.arena, &got, &f.e), ERR_SIGN_IN);
}

TEST(secrets_are_not_in_the_file)
{
	FIXTURE(f, w);
	struct account ana = person(&f, "ana", RIGHT_RESPOND);
	struct session s;
	struct str bytes, text, read = STR("read");
	struct token t = { .user = ana.id, .name = STR("ci"), .scopes = { &read, 1 } };
	OK(f, session_open(w, ana.id, &f.arena, &s, &f.e));
	OK(f, token_make(w, &f.arena, &t, &text, &f.e));
	OK(f, store_checkpoint(f.store, true, &f.e));
	const char *path = str_fmt(&f.arena, "%s/aplomb.db", f.folder).at;
	OK(f, file_read(&f.arena, path, 1 << 24, &bytes, &f.e));
	assert_true(str_find(bytes, ana.id) != SIZE_MAX);
	assert_true(str_find(bytes, s.secret) == SIZE_MAX);
	assert_true(str_find(bytes, text) == SIZE_MAX);
}

TEST(token_is_shown_once_and_checked)
{
	FIXTURE(f, w);
	struct account ana = person(&f, "ana", RIGHT_RESPOND);
	struct str scopes[] = { STR("read"), STR("write") }, text, bad = STR("root");
	struct token t = { .user = ana.id, .name = STR("deploys"), .scopes = { scopes, 2 } }, got;
	t.expires.ms = f.now_ms + 1000;
	OK(f, token_make(w, &f.arena, &t, &text, &f.e));
	assert_int_equal(text.len, 53);
	assert_true(token_is_well_formed(text));
	OK(f, token_find(w, text, &f.arena, &got, &f.e));
	assert_true(str_eq(got.id, t.id));
	assert_true(strs_has(&got.scopes, STR("write")));
	assert_int_equal(got.scopes.len, 2);
	assert_str(got.login, "ana");
	char typo[54] = { 0 };
	memcpy(typo, text.at, text.len);
	typo[10] = typo[10] == 'A' ? 'B' : 'A';
	assert_false(token_is_well_formed(str_of(typo)));
	REFUSED(f, token_find(w, str_of(typo), &f.arena, &got, &f.e), ERR_SIGN_IN);
	f.now_ms += 1000;
	REFUSED(f, token_find(w, text, &f.arena, &got, &f.e), ERR_SIGN_IN);
	t.scopes = (struct strs){ &bad, 1 };
	REFUSED(f, token_make(w, &f.arena, &t, &text, &f.e), ERR_BAD_FIELD);
	assert_string_equal(f.e.field, "scopes");
}

TEST(token_is_revoked_and_listed)
{
	FIXTURE(f, w);
	struct account ana = person(&f, "ana", RIGHT_RESPOND), ben = person(&f, "ben", RIGHT_ADMIN);
	struct str intake = STR("intake"), text, other;
	struct token a = { .user = ana.id, .name = STR("am"), .scopes = { &intake, 1 } }, b = a,
		     got;
	struct tokens list = { 0 };
	b.user = ben.id;
	OK(f, token_make(w, &f.arena, &a, &text, &f.e));
	OK(f, token_make(w, &f.arena, &b, &other, &f.e));
	OK(f, token_touch(w, a.id, &f.e));
	OK(f, token_list(w, ana.id, &f.arena, &list, &f.e));
	assert_int_equal(list.len, 1);
	assert_int_equal(list.at[0].used.ms, f.now_ms);
	OK(f, token_list(w, STR(""), &f.arena, &list, &f.e));
	assert_int_equal(list.len, 3);
	OK(f, token_revoke(w, a.id, &f.e));
	REFUSED(f, token_revoke(w, a.id, &f.e), ERR_NOT_FOUND);
	REFUSED(f, token_find(w, text, &f.arena, &got, &f.e), ERR_SIGN_IN);
	OK(f, token_find(w, other, &f.arena, &got, &f.e));
	OK(f, account_set_right(w, ana.id, RIGHT_ADMIN, &f.e));
	OK(f, account_disable(w, ben.id, &f.e));
	REFUSED(f, token_find(w, other, &f.arena, &got, &f.e), ERR_SIGN_IN);
}

TESTS(T(account_is_found_in_any_case), T(password_is_checked_slowly_and_well),
      T(last_administrator_stays), T(session_lives_until_it_is_idle_or_closed),
      T(sessions_end_with_password_and_account), T(secrets_are_not_in_the_file),
      T(token_is_shown_once_and_checked), T(token_is_revoked_and_listed))
