/* SPDX-License-Identifier: Apache-2.0 */
/* list: see list.h. */
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

void list_room(struct arena *a, struct list *l, size_t item_bytes, size_t items)
{
	if (items <= l->cap)
		return;
	l->at = arena_stretch(a, l->at, l->cap * item_bytes, items * item_bytes);
	l->cap = items;
}

void *list_add(struct arena *a, struct list *l, size_t item_bytes)
{
	if (l->len == l->cap)
		list_room(a, l, item_bytes, l->cap ? l->cap * 2 : 4);
	void *p = (char *)l->at + l->len * item_bytes;
	memset(p, 0, item_bytes);
	l->len++;
	return p;
}

void list_sort(struct list *l, size_t item_bytes, list_order *order)
{
	if (l->len)
		qsort(l->at, l->len, item_bytes, order);
}

void *list_find(const struct list *l, const void *key, size_t item_bytes, list_order *order)
{
	return l->len ? bsearch(key, l->at, l->len, item_bytes, order) : NULL;
}
