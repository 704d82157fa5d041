/* SPDX-License-Identifier: Apache-2.0 */
/* list: a typed array that grows in an arena.
 *     LIST_OF(struct note) notes;   struct note *n = LIST_ADD(arena, &notes);  (zeroed)
 *     LIST_EACH(n, &notes) ...
 * A pointer to an element is good until the next LIST_ADD or LIST_ROOM of the same list. */
#ifndef APLOMB_LIST_H
#define APLOMB_LIST_H
#include "base/arena.h"

/* What every LIST_OF looks like to code that does not know the element (field tables). */
struct list {
	void *at;
	size_t len, cap;
};
typedef int
list_order(const void *,
	   const void *); /* as qsort's; must tell all items apart or leave ties equal */
void list_sort(struct list *, size_t item_bytes, list_order *);
/* The item of a sorted list that is equal to key, NULL = none. */
void *list_find(const struct list *, const void *key, size_t item_bytes, list_order *);

#define LIST_OF(type)            \
	struct {                 \
		type *at;        \
		size_t len, cap; \
	}

void *list_add(struct arena *, struct list *, size_t item_bytes);
/* Room for so many items in all: a list of known length need not move while it grows. */
void list_room(struct arena *, struct list *, size_t item_bytes, size_t items);

#define LIST_ADD(a, l) \
	((__typeof__((l)->at))list_add((a), (struct list *)(void *)(l), sizeof(*(l)->at)))
#define LIST_ROOM(a, l, items) list_room((a), (struct list *)(void *)(l), sizeof(*(l)->at), (items))
#define LIST_SORT(l, order) list_sort((struct list *)(void *)(l), sizeof(*(l)->at), (order))
#define LIST_DECLARE(name, type) \
	struct name {            \
		type *at;        \
		size_t len, cap; \
	}
#define LIST_EACH(x, l) for (__typeof__(&*(l)->at) x = (l)->at; x && x < (l)->at + (l)->len; x++)
#endif
