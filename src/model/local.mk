# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/model/address.c src/model/address.h \
	src/model/absence.c \
	src/model/build.c src/model/build.h src/model/build_network.c \
	src/model/container.c src/model/container.h \
	src/model/decode.c src/model/decode.h \
	src/model/expose.c src/model/expose.h \
	src/model/filter.c src/model/filter.h src/model/filter_impl.h src/model/filter_keys.c \
	src/model/hash.c src/model/hash.h \
	src/model/inspect.c src/model/inspect.h \
	src/model/intern.c src/model/intern.h \
	src/model/inspects.c \
	src/model/inventory.c src/model/inventory.h src/model/inventory_impl.h \
	src/model/facts.c src/model/listing.c \
	src/model/removals.c \
	src/model/self.c src/model/self.h \
	src/model/show.c \
	src/model/shape.c src/model/shape.h src/model/shape_impl.h \
	src/model/shape_field.c src/model/shape_keep.c src/model/shape_time.c \
	src/model/swarm.c src/model/swarm.h src/model/swarm_read.c src/model/swarm_task.c \
	src/model/snapshot_file.c src/model/snapshot_file.h
