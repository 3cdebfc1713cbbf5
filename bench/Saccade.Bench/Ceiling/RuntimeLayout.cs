namespace Saccade.Bench.Ceiling;

/// <summary>How ONNX Runtime is driven.</summary>
/// <param name="Runs">Runs under way at once, each with a session of its own.</param>
/// <param name="Threads">Threads inside one run.</param>
/// <param name="Batch">Images in one run.</param>
public sealed record RuntimeLayout(int Runs, int Threads, int Batch)
{
    /// <summary>Every way to divide the cores evenly among runs, by every batch size.</summary>
    public static IReadOnlyList<RuntimeLayout> Grid(int cores, IEnumerable<int> batches) =>
        [
            .. from batch in batches
            from threads in Enumerable.Range(1, cores).Where(threads => cores % threads == 0)
            select new RuntimeLayout(cores / threads, threads, batch),
        ];

    /// <inheritdoc/>
    public override string ToString() => $"{Runs}×{Threads} threads, batch {Batch}";
}
