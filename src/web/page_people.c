/* SPDX-License-Identifier: Apache-2.0 */
/* page_people: who may sign in, the reader's own name, zone, password and tokens. */
#include "ui.h"
#include "web/inside.h"
#include "web/people.h"

struct person_line {
	struct str id, login, name;
	int right;
	struct when created, disabled;
	bool is_me;
};
static const struct field person_line_fields[] = {
	FIELD(person_line, id, "the account's id"),
	FIELD(person_line, login, "what they sign in with"),
	FIELD(person_line, name, "as others read it"),
	CHOICE(person_line, right, right, "what they may do"),
	FIELD(person_line, created, "since when"),
	FIELD(person_line, disabled, "since when they may not sign in"),
	FIELD(person_line, is_me, "it is the reader"),
	END,
};
struct token_line {
	struct str id, name, login;
	struct strs scopes;
	struct when created, expires, used;
};
static const struct field token_line_fields[] = {
	FIELD(token_line, id, "the token's id"),
	FIELD(token_line, name, "what it is for"),
	FIELD(token_line, login, "whose it is"),
	FIELD(token_line, scopes, "what it may do"),
	FIELD(token_line, created, "since when"),
	FIELD(token_line, expires, "until when"),
	FIELD(token_line, used, "when it was last used"),
	END,
};
struct people_view {
	struct frame frame;
	struct str problem, next_step, said, new_token;
	struct str login, name, zone;
	struct str add_login, add_name; /* as typed */
	LIST_OF(struct person_line) people;
	LIST_OF(struct token_line) tokens;
	int64_t token_count;
	bool has_account;
};
extern const struct field people_view_fields[];
const struct field people_view_fields[] = {
	FRAME_FIELDS(people_view),
	FIELD(people_view, problem, "why it was refused"),
	FIELD(people_view, next_step, "the safest next step"),
	FIELD(people_view, said, "what was done"),
	FIELD(people_view, new_token, "a new token, shown once"),
	FIELD(people_view, login, "the reader's login"),
	FIELD(people_view, name, "the reader's name"),
	FIELD(people_view, zone, "the reader's zone"),
	FIELD(people_view, add_login, "a new person's login as typed"),
	FIELD(people_view, add_name, "a new person's name as typed"),
	ITEMS(people_view, people, person_line, "by login"),
	ITEMS(people_view, tokens, token_line, "the reader's; everybody's for an administrator"),
	FIELD(people_view, token_count, "how many"),
	FIELD(people_view, has_account, "the reader is a person with an account"),
	END,
};

static int add_people(struct visit *v, struct people_view *view, struct err *e)
{
	struct accounts all = { 0 };
	if (account_list(v->db, v->arena, &all, e) != 0)
		return -1;
	LIST_EACH (a, &all) {
		*LIST_ADD(v->arena,
			  &view->people) = (struct person_line){ .id = a->id,
								 .login = a->login,
								 .name = a->name,
								 .right = a->right,
								 .created = a->created,
								 .disabled = a->disabled,
								 .is_me = str_eq(a->id, v->user) };
		if (!str_eq(a->id, v->user))
			continue;
		view->has_account = true;
		view->login = a->login;
		view->name = a->name;
		view->zone = a->zone;
	}
	return 0;
}

static int add_tokens(struct visit *v, struct people_view *view, struct err *e)
{
	struct tokens all = { 0 };
	struct str whose = v->right == RIGHT_ADMIN ? (struct str){ 0 } : v->user;
	if (token_list(v->db, whose, v->arena, &all, e) != 0)
		return -1;
	LIST_EACH (t, &all)
		*LIST_ADD(v->arena, &view->tokens) = (struct token_line){ .id = t->id,
									  .name = t->name,
									  .login = t->login,
									  .scopes = t->scopes,
									  .created = t->created,
									  .expires = t->expires,
									  .used = t->used };
	view->token_count = (int64_t)view->tokens.len;
	return 0;
}

int people_show(struct visit *v, const struct people_news *news, struct reply *r, struct err *e)
{
	struct people_view view = { .frame = frame_of(v, "people", STR("People")),
				    .said = news->said,
				    .new_token = news->token,
				    .add_login = form_get(&v->form, "login"),
				    .add_name = news->refused ? form_get(&v->form, "new_name")
							      : (struct str){ 0 } };
	if (news->refused) {
		r->status = err_status(news->refused->code);
		view.problem = str_copy(v->arena, str_of(news->refused->text));
		view.next_step = str_copy(v->arena, str_of(news->refused->next));
	} else {
		view.add_login = (struct str){ 0 };
	}
	if (add_people(v, &view, e) != 0 || add_tokens(v, &view, e) != 0)
		return -1;
	return reply_page(v, &tpl_people, people_view_fields, &view, r);
}

int page_people(struct visit *v, struct reply *r, struct err *e)
{
	struct people_news nothing = { 0 };
	if (str_is(form_get(&v->query, "done"), "1"))
		nothing.said = STR("Done.");
	return people_show(v, &nothing, r, e);
}
