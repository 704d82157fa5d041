/* SPDX-License-Identifier: Apache-2.0 */
/* preset: what the settings files (config.yaml of the user, /etc/aplomb/config.yaml) say to the command line. The other
 * names in them are the server's; `aplomb config check` looks at all. */
#ifndef APLOMB_CLI_PRESET_H
#define APLOMB_CLI_PRESET_H
#include "cli/caller.h"

struct preset {
	struct str server, token_file; /* empty = not said. The token is for that server alone */
};
struct presets {
	struct preset user, system;
};
/* A file that cannot be read is warned of and left out: nobody is kept from declaring by a typo. */
struct presets presets_read(const struct caller *);
#endif
