using Saccade.Bench.Ceiling;

namespace Saccade.Bench.Serving;

/// <summary>One way to drive ONNX Runtime and what it gave.</summary>
internal sealed record SweepCell(RuntimeLayout Layout, RawRate Rate);
