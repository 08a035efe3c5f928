# The verbs of the checkout. Each first makes sure of the locked environment in .venv, which costs nothing when it is
# there. Paths are relative throughout: the checkout may lie in a folder with spaces in its name.
.PHONY: help demo test test-nightly lint bench docs dist ready

help: ## what can be done here
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

demo: ready ## the whole product with example companies, until interrupted; ONCE=1 stops after the report
	@.venv/bin/meritline demo $(if $(ONCE),--once)

test: ready ## the whole test suite, on up to four cores; ARGS="-k name" for a part
	@.venv/bin/pytest --numprocesses auto --maxprocesses 5 $(ARGS)

test-nightly: ready ## SQL against plain Python, compiled reads against plain ones, on thousands of random cases (takes long)
	@HYPOTHESIS_PROFILE=nightly .venv/bin/pytest --numprocesses auto --maxprocesses 5 tests/feature/test_two_meanings.py \
	  tests/feature/graphql/compiled $(ARGS)

lint: ready ## all static checks
	@.venv/bin/ruff check && .venv/bin/mypy --strict platform/sdk/src plugins/*/src platform/server/src/meritline/local && .venv/bin/lint-imports

bench: ready ## the benchmarks with their table of ratios; ARGS="--size medium --profile", "--only list" for other sizes or a part
	@.venv/bin/python -m tests.bench $(ARGS)

docs: ready ## the generated pages: errors, settings, rights, indicators, schemes, the reference of the SDK, tables of the READMEs
	@.venv/bin/python -m meritline.messages
	@.venv/bin/python -m meritline.settings && .venv/bin/python -m meritline.db.rights
	@.venv/bin/python -m meritline.plugins.pages platform/docs/schemes
	@for plugin in after-sales-common appliance-repair call-center ecommerce-service; do \
	  module=meritline_$$(echo $$plugin | tr - _); \
	  .venv/bin/meritline-sdk docs $$module --golden plugins/$$plugin/golden --out platform/docs/indicators/$$plugin.md \
	    --readme plugins/$$plugin/README.md || exit 1; \
	done
	@.venv/bin/python -m meritline.plugins.guide platform/docs/plugins
	@.venv/bin/python -m meritline_sdk.testing.reference_pages platform/docs/plugins/reference platform/docs/plugins
	@.venv/bin/python platform/sdk/api/listing.py
	@.venv/bin/python helm/values_table.py

dist: ready ## wheels and source archives of all distributions, and what they need by the lock, in dist/
	@rm -rf dist && .ci/dist dist && ls dist

ready:
	@.ci/ensure
