#!/usr/bin/env bash
# MODEL=model.onnx SIZE=224 RESIZE=256 PORT=8101 [INTRA=threads inside a run] ./start.sh
cd "$(dirname "$0")/../../.." || exit
program=artifacts/bin/Saccade.Bench.NaivePeer/release/Saccade.Bench.NaivePeer.dll
[ -f "$program" ] || { echo "not built: dotnet build bench/peers/aspnet-naive -c Release"; exit 69; }
exec dotnet "$program"
