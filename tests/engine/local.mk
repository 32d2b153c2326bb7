# SPDX-License-Identifier: MIT
# The engine emulator: enginesim and, later in this file, the tests that hold it to the recordings.
check_LIBRARIES = tests/engine/libsim.a
tests_engine_libsim_a_SOURCES = \
	tests/engine/sim.h \
	tests/engine/sim_action.c tests/engine/sim_action.h \
	tests/engine/sim_api.c \
	tests/engine/sim_capture.c tests/engine/sim_capture.h \
	tests/engine/sim_commands.c tests/engine/sim_commands.h \
	tests/engine/sim_commands_test.c \
	tests/engine/sim_conn.h \
	tests/engine/sim_control.c tests/engine/sim_control.h \
	tests/engine/sim_counters.c \
	tests/engine/sim_ctl.c \
	tests/engine/sim_event.c tests/engine/sim_event.h \
	tests/engine/sim_fault.c tests/engine/sim_fault.h \
	tests/engine/sim_fields.c tests/engine/sim_fields.h tests/engine/sim_fields_table.h \
	tests/engine/sim_filter.c tests/engine/sim_filter.h \
	tests/engine/sim_flavour.c tests/engine/sim_flavour.h \
	tests/engine/sim_json.c tests/engine/sim_json.h \
	tests/engine/sim_model.c tests/engine/sim_model.h \
	tests/engine/sim_network_fields.c \
	tests/engine/sim_options.c \
	tests/engine/sim_port_fields.c \
	tests/engine/sim_publish.c tests/engine/sim_publish.h \
	tests/engine/sim_reply.c tests/engine/sim_reply.h \
	tests/engine/sim_request.c tests/engine/sim_request.h \
	tests/engine/sim_server.c tests/engine/sim_server.h \
	tests/engine/sim_setup.c tests/engine/sim_setup.h \
	tests/engine/sim_stream.c \
	tests/engine/sim_template.c tests/engine/sim_template.h \
	tests/engine/sim_templates.c \
	tests/engine/sim_tool.c tests/engine/sim_tool.h \
	tests/engine/sim_write.c tests/engine/sim_write.h

check_PROGRAMS += tests/engine/enginesim tests/engine/engine-property
tests_engine_enginesim_SOURCES = tests/engine/sim_main.c
tests_engine_enginesim_CPPFLAGS = $(AM_CPPFLAGS) \
	-DENGINESIM_CAPTURES='"$(abs_top_srcdir)/tests/captures"'
tests_engine_enginesim_LDADD = tests/engine/libsim.a $(LIBS_ALL)

# The engine and the model against the emulator, all in one process.
tests_engine_engine_property_SOURCES = \
	tests/engine/property.c \
	tests/engine/property_check.c tests/engine/property.h \
	tests/engine/property_clock.c tests/engine/property_clock.h \
	tests/engine/property_steps.c
tests_engine_engine_property_CPPFLAGS = $(tests_engine_enginesim_CPPFLAGS)
tests_engine_engine_property_LDADD = tests/engine/libsim.a $(LIBS_ALL)


TESTS += tests/engine/faults.sh tests/engine/property.sh tests/engine/recordings.sh \
	tests/engine/stories.sh
EXTRA_DIST += tests/engine/faults.sh tests/engine/property.sh tests/engine/recordings.sh \
	tests/engine/stories.sh \
	tests/lib/enginesim.sh tests/lib/tap.sh
