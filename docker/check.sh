#!/usr/bin/env bash
# Checks docker/ as far as that goes without an engine. Usage: docker/check.sh PYTHON TOOLS_FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
tools=$2

if ! cmp --silent docker/requirements-check.lock "$tools/installed.lock"; then
  "$python" -m venv --clear "$tools"
  "$tools/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r docker/requirements-check.lock
  cp docker/requirements-check.lock "$tools/installed.lock"
fi

echo "docker/Dockerfile: hadolint"
"$tools/bin/hadolint" --failure-threshold style docker/Dockerfile

echo "docker/compose.yaml: the schema of the Compose specification"
"$tools/bin/check-jsonschema" --builtin-schema vendor.compose-spec docker/compose.yaml

if docker compose version >/dev/null 2>&1; then
  echo "docker/compose.yaml: docker compose config"
  SHOPBELL_SECRET=checked docker compose -f docker/compose.yaml config --quiet
fi

echo "docker/Dockerfile: its steps replayed"
"$python" docker/replay.py
