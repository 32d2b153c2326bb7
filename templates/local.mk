# SPDX-License-Identifier: MIT
templatesdir = $(pkgdatadir)/templates
dist_templates_DATA = templates/nginx.tmpl templates/haproxy.tmpl
