/* SPDX-License-Identifier: Apache-2.0 */
/* chunk: see chunk.h. */
#include "net/chunk.h"

enum { OK = 0, BAD = 400, TOO_LARGE = 413 };

struct chunk chunk_start(size_t max_bytes)
{
	return (struct chunk){ .max_bytes = max_bytes };
}

bool chunk_is_done(const struct chunk *c)
{
	return c->state == CHUNK_DONE;
}

static int size_step(struct chunk *c, char in)
{
	int digit = hex_value(in);
	if (digit >= 0) {
		if (c->digits == CHUNK_MAX_DIGITS)
			return BAD;
		c->digits++;
		c->left = c->left * 16 + (uint64_t)digit;
		return OK;
	}
	if (in != '\r' || c->digits == 0)
		return BAD;
	c->state = CHUNK_SIZE_LF;
	return OK;
}

static int size_end(struct chunk *c)
{
	c->digits = 0;
	if (c->left > c->max_bytes - c->bytes)
		return TOO_LARGE;
	c->bytes += (size_t)c->left;
	c->state = c->left ? CHUNK_DATA : CHUNK_LINE;
	return OK;
}

static int trailer_step(struct chunk *c, char in)
{
	if (++c->trailer_bytes > CHUNK_MAX_TRAILER_BYTES)
		return BAD;
	if (in == '\r') {
		c->state = c->state == CHUNK_LINE ? CHUNK_END_LF : CHUNK_TRAILER_LF;
		return OK;
	}
	unsigned char u = (unsigned char)in;
	if ((u < ' ' && u != '\t') || u == 0x7f || (c->state == CHUNK_LINE && u <= ' '))
		return BAD;
	c->state = CHUNK_TRAILER;
	return OK;
}

static int must_be(struct chunk *c, char in, char want, enum chunk_state then)
{
	c->state = then;
	return in == want ? OK : BAD;
}

static int step(struct chunk *c, char in)
{
	switch (c->state) {
	case CHUNK_SIZE:
		return size_step(c, in);
	case CHUNK_SIZE_LF:
		return in == '\n' ? size_end(c) : BAD;
	case CHUNK_DATA_CR:
		return must_be(c, in, '\r', CHUNK_DATA_LF);
	case CHUNK_DATA_LF:
		return must_be(c, in, '\n', CHUNK_SIZE);
	case CHUNK_LINE:
	case CHUNK_TRAILER:
		return trailer_step(c, in);
	case CHUNK_TRAILER_LF:
		return must_be(c, in, '\n', CHUNK_LINE);
	case CHUNK_END_LF:
		return must_be(c, in, '\n', CHUNK_DONE);
	case CHUNK_DATA:
	case CHUNK_DONE:
		break;
	}
	return BAD;
}

int chunk_feed(struct chunk *c, struct str bytes, size_t *used, struct str *data)
{
	*data = (struct str){ 0 };
	size_t i = 0;
	int status = OK;
	while (i < bytes.len && !status && c->state != CHUNK_DONE && c->state != CHUNK_DATA)
		status = step(c, bytes.at[i++]);
	if (!status && c->state == CHUNK_DATA && i < bytes.len) {
		size_t n = bytes.len - i;
		if (n > c->left)
			n = (size_t)c->left;
		*data = str_sub(bytes, i, n);
		i += n;
		c->left -= n;
		if (c->left == 0)
			c->state = CHUNK_DATA_CR;
	}
	*used = i;
	return status;
}
