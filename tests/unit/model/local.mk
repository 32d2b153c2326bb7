# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/model.test
TESTS += tests/unit/model.test
tests_unit_model_test_SOURCES = \
	tests/unit/model/address.c \
	tests/unit/model/capture.c tests/unit/model/capture.h \
	tests/unit/model/captures.c tests/unit/model/decode.c \
	tests/unit/model/expose.c \
	tests/unit/model/fake_engine.c tests/unit/model/fake_engine.h \
	tests/unit/model/filter.c \
	tests/unit/model/inventory.c \
	tests/unit/model/listing.c \
	tests/unit/model/removals.c tests/unit/model/self.c \
	tests/unit/model/shape.c \
	tests/unit/model/swarm.c
tests_unit_model_test_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests
tests_unit_model_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_test_LDADD = $(UNIT_LDADD)
endif
