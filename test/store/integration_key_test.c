/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

TEST(a_key_is_shown_once_and_replaced_whole)
{
	FIXTURE(f, w);
	struct str first, second;
	struct integration_key got;
	struct integration_keys list = { 0 };
	OK(f, integration_key_make(w, &f.arena, STR("disks"), &first, &f.e));
	assert_int_equal(first.len, 32);
	assert_true(integration_key_is_well_formed(first));
	OK(f, integration_key_find(w, first, &f.arena, &got, &f.e));
	assert_str(got.name, "disks");
	assert_int_equal(got.used.ms, 0);
	OK(f, integration_key_touch(w, STR("disks"), &f.e));
	OK(f, integration_key_make(w, &f.arena, STR("disks"), &second, &f.e));
	assert_false(str_eq(first, second));
	REFUSED(f, integration_key_find(w, first, &f.arena, &got, &f.e), ERR_SIGN_IN);
	OK(f, integration_key_find(w, second, &f.arena, &got, &f.e));
	OK(f, integration_key_list(w, &f.arena, &list, &f.e));
	assert_int_equal(list.len, 1);
	OK(f, integration_key_remove(w, STR("disks"), &f.e));
	OK(f, integration_key_remove(w, STR("disks"), &f.e));
	REFUSED(f, integration_key_find(w, second, &f.arena, &got, &f.e), ERR_SIGN_IN);
}

TEST(a_secret_goes_with_its_key)
{
	FIXTURE(f, w);
	struct str key;
	struct integration_secret got;
	OK(f, integration_secret_get(w, STR("code"), &f.arena, &got, &f.e));
	assert_int_equal(got.text.len, 0);
	OK(f, integration_key_make(w, &f.arena, STR("code"), &key, &f.e));
	OK(f, integration_secret_keep(w, STR("code"), key, &f.e));
	OK(f, integration_key_touch(w, STR("code"), &f.e));
	OK(f, integration_secret_get(w, STR("code"), &f.arena, &got, &f.e));
	assert_true(str_eq(got.text, key) && got.used_ms > 0);
	OK(f, integration_key_make(w, &f.arena, STR("code"), &key, &f.e));
	OK(f, integration_secret_keep(w, STR("code"), key, &f.e));
	OK(f, integration_secret_get(w, STR("code"), &f.arena, &got, &f.e));
	assert_true(str_eq(got.text, key));
	OK(f, integration_key_remove(w, STR("code"), &f.e));
	OK(f, integration_secret_get(w, STR("code"), &f.arena, &got, &f.e));
	assert_int_equal(got.text.len, 0);
}

TEST(what_is_no_key_is_refused)
{
	FIXTURE(f, w);
	struct integration_key got;
	static const char *const bad[] = { "", "0", "0123456789abcdef0123456789abcdeg",
					   "0123456789abcdef0123456789abcdef0",
					   "0123456789abcdef0123456789abcdef" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		REFUSED(f, integration_key_find(w, str_of(bad[i]), &f.arena, &got, &f.e),
			ERR_SIGN_IN);
}

static void deliver(struct fixture *f, struct db *w, const char *source, const char *reason)
{
	struct inbox_row row = { .received_ms = f->now_ms,
				 .source = str_of(source),
				 .is_rejected = *reason != 0,
				 .reason = str_of(reason) };
	struct inbox_head head;
	struct inbox_packer *packer = inbox_packer_new(&f->world);
	int packed = inbox_pack(packer, &f->arena, STR("{}"), &row, &f->e);
	inbox_packer_free(&packer);
	OK(*f, packed);
	OK(*f, inbox_head(w, &head, &f->e));
	OK(*f, db_begin(w, &f->e));
	OK(*f, inbox_append(w, &row, &head, &f->e));
	OK(*f, db_commit(w, &f->e));
}

TEST(deliveries_are_counted_by_sender_and_hour)
{
	FIXTURE(f, w);
	struct inbox_hours hours = { 0 };
	int64_t id;
	deliver(&f, w, "generic/disks", "");
	deliver(&f, w, "generic/disks", "no title");
	deliver(&f, w, "generic", "no title");
	f.now_ms += 3600 * 1000;
	deliver(&f, w, "generic/disks", "");
	OK(f, inbox_count(w, 0, &f.arena, &hours, &f.e));
	assert_int_equal(hours.len, 3);
	assert_str(hours.at[1].source, "generic/disks");
	assert_int_equal(hours.at[1].count, 2);
	assert_int_equal(hours.at[1].rejected, 1);
	assert_int_equal(hours.at[2].count, 1);
	assert_int_equal(hours.at[2].last_id, 4);
	OK(f, inbox_last_rejected(w, STR("generic/disks"), &id, &f.e));
	assert_int_equal(id, 2);
	OK(f, inbox_last_rejected(w, STR("nobody"), &id, &f.e));
	assert_int_equal(id, 0);
}

TESTS(T(a_key_is_shown_once_and_replaced_whole), T(a_secret_goes_with_its_key),
      T(what_is_no_key_is_refused), T(deliveries_are_counted_by_sender_and_hour))
