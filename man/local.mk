# SPDX-License-Identifier: MIT
dist_man_MANS = man/upstreamd.8 man/upstreamd.ini.5 man/upstreamd-templates.7
