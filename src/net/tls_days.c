/* SPDX-License-Identifier: Apache-2.0 */
/* tls days: how long a certificate's file is good for; see tls.h. */
#include <openssl/pem.h>
#include <stdio.h>

#include "net/tls.h"

int tls_days_left(const char *cert, int *days, struct err *e)
{
	int seconds = 0;
	FILE *f = fopen(cert, "re");
	X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
	if (f)
		(void)fclose(f);
	if (!x)
		return err_refuse(e, ERR_USAGE, "%s cannot be read as a PEM certificate.", cert);
	int ok = ASN1_TIME_diff(days, &seconds, NULL, X509_get0_notAfter(x));
	X509_free(x);
	if (!ok)
		return err_refuse(e, ERR_USAGE, "%s says no date that can be read.", cert);
	if (seconds < 0)
		(*days)--; /* an hour ago is no day left, not zero */
	return 0;
}
