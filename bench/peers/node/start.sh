#!/usr/bin/env bash
# MODEL=model.onnx SIZE=224 RESIZE=256 PORT=8102 [INTRA=threads inside a run] ./start.sh
# Its packages go to $SACCADE_PEERS, or ~/.cache/saccade-peers, once; none of them builds or downloads anything when it is installed.
set -euo pipefail
command -v npm > /dev/null || { echo "Node.js is not installed (Debian: nodejs npm)"; exit 69; }
installed=${SACCADE_PEERS:-$HOME/.cache/saccade-peers}/node
mkdir -p "$installed"
cp "$(dirname "$0")"/{package.json,server.js} "$installed"
cd "$installed"
if ! cmp -s package.json installed.json; then
  npm install --ignore-scripts --no-package-lock --no-audit --no-fund --silent > npm.log 2>&1 ||
    { echo "npm could not install fastify, sharp and onnxruntime-node ($installed/npm.log)"; exit 69; }
  cp package.json installed.json
fi
exec env NODE_ENV=production node server.js
