/* SPDX-License-Identifier: Apache-2.0 */
/* web: what is kept between requests. Requests themselves: app.c. */
#include "web/web.h"

#include <stdio.h>

#include "web/inside.h"

int web_new(const struct web_config *c, struct web **out, __attribute__((unused)) struct err *e)
{
	struct web *w = heap_new(sizeof(*w));
	w->config = *c;
	w->started_ms = c->world->now_ms(c->world);
	c->world->random(c->world, w->try_secret, sizeof(w->try_secret));
	unsigned char instance[8];
	c->world->random(c->world, instance, sizeof(instance));
	for (size_t i = 0; i < sizeof(instance); i++)
		(void)snprintf(w->instance + 2 * i, 3, "%02x", instance[i]);
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)sem_init(&w->hashers, 0, HASHERS);
	*out = w;
	return 0;
}

void web_counts(struct web *w, struct server *server)
{
	atomic_store(&w->metrics.server, server);
}

void web_free(struct web **wp)
{
	struct web *w = *wp;
	if (!w)
		return;
	(void)pthread_mutex_destroy(&w->lock);
	(void)sem_destroy(&w->hashers);
	heap_free(w);
	*wp = NULL;
}

int web_setup_token(struct web *w, struct arena *a, struct str *out, struct err *e)
{
	struct db *db = NULL;
	unsigned char secret[32];
	struct account_count people = { 0 };
	*out = (struct str){ NULL, 0 };
	if (store_reader(w->config.store, &db, e) != 0)
		return -1;
	int result = account_count(db, &people, e);
	db_close(&db);
	if (result != 0 || people.with_password > 0)
		return result;
	struct buf text = BUF(a);
	w->config.world->random(w->config.world, secret, sizeof(secret));
	base64_add(&text, (struct str){ (const char *)secret, sizeof(secret) }, true);
	*out = buf_str(&text);
	(void)pthread_mutex_lock(&w->lock);
	w->setup = sha256_of(*out);
	w->has_setup = true;
	(void)pthread_mutex_unlock(&w->lock);
	return 0;
}

/* Keyed, so that nobody can aim two logins at one bucket; letter case does not make a new login. */
static size_t try_slot_of(const struct web *w, struct str login, struct str peer)
{
	ARENA(a);
	struct buf text = BUF(&a);
	for (size_t i = 0; i < login.len; i++)
		buf_c(&text, login.at[i] >= 'A' && login.at[i] <= 'Z' ? (char)(login.at[i] + 32)
								      : login.at[i]);
	buf_c(&text, '\n');
	buf_add(&text, peer);
	struct sha256 h = hmac_sha256(
		(struct str){ (const char *)w->try_secret, sizeof(w->try_secret) }, buf_str(&text));
	return ((size_t)h.b[0] << 8 | h.b[1]) % TRY_SLOTS;
}

bool web_may_try(struct web *w, struct str login, struct str peer, int64_t now_ms)
{
	struct try_slot *s = &w->tries[try_slot_of(w, login, peer)];
	(void)pthread_mutex_lock(&w->lock);
	if (!s->at_ms || now_ms < s->at_ms)
		*s = (struct try_slot){ .at_ms = now_ms,
					.left = s->at_ms ? s->left : TRIES_A_MINUTE * TRY_UNIT };
	/* two logins that share a bucket share its tries: never more, perhaps fewer */
	s->left += (now_ms - s->at_ms) * TRIES_A_MINUTE * TRY_UNIT / 60000;
	if (s->left > TRIES_A_MINUTE * TRY_UNIT)
		s->left = TRIES_A_MINUTE * TRY_UNIT;
	s->at_ms = now_ms;
	bool may = s->left >= TRY_UNIT;
	if (may)
		s->left -= TRY_UNIT;
	(void)pthread_mutex_unlock(&w->lock);
	return may;
}
