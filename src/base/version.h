/* SPDX-License-Identifier: Apache-2.0 */
/* version: what this build calls itself, "0.1.0": project() of meson.build. */
#ifndef APLOMB_VERSION_H
#define APLOMB_VERSION_H
extern const char *const aplomb_version;
#endif
