# SPDX-License-Identifier: GPL-2.0-or-later
# viaduct: the front. `make help` lists what there is; all output goes to build/ and, for what is
# fetched, to ~/.cache/viaduct. Targets that need packages install them first (scripts/setup).

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf 2>/dev/null)
PREFIX  ?= /usr
DESTDIR ?=
SYSCONFDIR ?= /etc
# Which kernels check-vm, check-kunit and check-interop boot.
KERNEL  ?= 6.1 6.12
# A kernel release to build modules for: the running one, or 6.1 and 6.12 from the cache.
KVER    ?= $(shell uname -r)

SBIN    := $(DESTDIR)$(PREFIX)/sbin
BIN     := $(DESTDIR)$(PREFIX)/bin
MAN     := $(DESTDIR)$(PREFIX)/share/man
DKMSSRC := $(DESTDIR)/usr/src/viaduct-$(VERSION)
REL     := build/userspace/release
PARTS   := unit sim fuzz kunit vm interop static

all: userspace

help:
	@echo 'Try it:'
	@echo '  make demo              two gateways, one tunnel, in a small VM (HOST=1: on this kernel)'
	@echo '  make check             every test; ends with "N passed, N failed, N skipped"'
	@echo '  make check-PART        one part: $(PARTS)'
	@echo '                         KERNEL=6.1 or 6.12 limits those that boot one'
	@echo '  make bench             throughput beside veth, XFRM and WireGuard'
	@echo 'Build and install:'
	@echo '  make                   viaductd, viaductctl'
	@echo '  make modules           viaduct.ko for KVER (default: the running kernel)'
	@echo '  make man               the manual pages'
	@echo '  make install           binaries, manual pages, completion, unit, DKMS source (DESTDIR, PREFIX)'
	@echo '  make dkms              build and install the module through DKMS'
	@echo '  make clean             remove build/'

# ---- build --------------------------------------------------------------------------------
setup-%:
	@scripts/setup $*

userspace: setup-build
	@$(MAKE) -s -C userspace all

modules: setup-build
	@scripts/build-module $(KVER)

MANPAGES := $(patsubst Documentation/man/%.scd,build/man/%,$(wildcard Documentation/man/*.scd))
man: $(MANPAGES)
build/man/%: Documentation/man/%.scd | setup-build
	@mkdir -p $(@D)
	@scdoc <$< >$@.new && mv $@.new $@

# ---- try --------------------------------------------------------------------------------------
demo:
	@scripts/demo

bench:
	@scripts/bench

check:
	@scripts/check $(PARTS)

$(PARTS:%=check-%): check-%:
	@KERNEL="$(KERNEL)" scripts/check $*

# ---- install ------------------------------------------------------------------------------------
install: userspace man
	install -d $(SBIN) $(BIN) $(DESTDIR)$(SYSCONFDIR)/viaduct
	install -m 755 $(REL)/viaductd $(SBIN)/viaductd
	install -m 755 $(REL)/viaductctl $(BIN)/viaductctl
	@for page in $(MANPAGES); do \
		install -D -m 644 $$page $(MAN)/man$${page##*.}/$${page##*/} || exit 1; done
	@for unit in $(wildcard userspace/daemon/*.service userspace/daemon/*.socket); do \
		install -D -m 644 $$unit $(DESTDIR)/lib/systemd/system/$${unit##*/} || exit 1; done
	install -D -m 644 userspace/daemon/viaduct.sysusers $(DESTDIR)/usr/lib/sysusers.d/viaduct.conf
	@[ -n "$(DESTDIR)" ] || ! command -v systemd-sysusers >/dev/null || systemd-sysusers viaduct.conf
	install -D -m 644 userspace/ctl/completion/viaductctl.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/viaductctl
	$(MAKE) -s install-dkms

install-dkms:
	rm -rf $(DKMSSRC)
	install -d $(DKMSSRC)
	git ls-files Kbuild dkms.conf kmod uapi 2>/dev/null | grep . | cpio -pdm --quiet $(DKMSSRC) || \
		cp -r Kbuild dkms.conf kmod uapi $(DKMSSRC)

dkms: install-dkms
	dkms add -m viaduct -v $(VERSION) 2>/dev/null || true
	dkms build -m viaduct -v $(VERSION) -k $(KVER)
	dkms install -m viaduct -v $(VERSION) -k $(KVER)

clean:
	rm -rf build

.PHONY: all help userspace modules man demo bench check $(PARTS:%=check-%) install install-dkms \
	dkms clean
