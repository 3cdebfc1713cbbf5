using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Saccade.Training.Loop;

/// <summary>Runs replicas side by side, each on a thread of its own, because libtorch keeps a team of workers for each thread that calls
/// it.</summary>
internal static class ReplicaThreads
{
    /// <summary>Runs a body on several threads and waits for all.</summary>
    /// <param name="count">How many.</param>
    /// <param name="computingThreads">libtorch's threads for each.</param>
    /// <param name="body">Told its number, from 0.</param>
    /// <param name="onFailure">Called at once when a body fails, so that the others can end; its exception is thrown here
    /// afterwards.</param>
    public static void Run(int count, int computingThreads, Action<int> body, Action onFailure)
    {
        var failures = new Exception?[count];
        var threads = Enumerable
            .Range(0, count)
            .Select(number => new Thread(() =>
            {
                try
                {
                    torch.set_num_threads(computingThreads);
                    body(number);
                }
                catch (Exception exception)
                {
                    failures[number] = exception;
                    onFailure();
                }
            })
            {
                IsBackground = true,
                Name = $"replica {number}",
            })
            .ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
    }
}
