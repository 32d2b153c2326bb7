# SPDX-License-Identifier: MIT
# The sample and the examples go to the documentation: a configuration of one's own is never
# touched. They name /usr/share; an installed copy names the directories of this build.
CONF_FILES = conf/upstreamd.ini conf/nginx.ini conf/haproxy.ini
EXTRA_DIST += $(CONF_FILES)

install-data-local: install-conf
uninstall-local: uninstall-conf

install-conf:
	$(MKDIR_P) "$(DESTDIR)$(docdir)/examples"
	for file in $(CONF_FILES); do \
		sed -e 's|/usr/share/upstreamd|$(pkgdatadir)|' -e 's|SYSCONFDIR|$(sysconfdir)|' \
			"$(srcdir)/$$file" >conf.tmp && \
		$(INSTALL_DATA) conf.tmp "$(DESTDIR)$(docdir)/examples/$${file##*/}" || exit 1; \
	done; \
	rm -f conf.tmp

uninstall-conf:
	for file in $(CONF_FILES); do rm -f "$(DESTDIR)$(docdir)/examples/$${file##*/}"; done

.PHONY: install-conf uninstall-conf
