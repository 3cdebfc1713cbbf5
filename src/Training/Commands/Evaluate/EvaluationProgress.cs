using System.Globalization;
using Spectre.Console;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>Shows how far a pass over images is: a bar on a terminal, a line now and then anywhere else.</summary>
internal static class EvaluationProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Runs a pass.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="what">What it does, in a word or two.</param>
    /// <param name="total">How many images there are.</param>
    /// <param name="clock">For the speed.</param>
    /// <param name="pass">The pass; tells how many images are done.</param>
    /// <returns>What it gave, and images a second.</returns>
    public static async Task<(T Result, double ImagesPerSecond)> ShowAsync<T>(
        string what,
        int total,
        TimeProvider clock,
        Func<Action<long>, Task<T>> pass
    )
    {
        var start = clock.GetTimestamp();
        var result =
            AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
                ? await AnsiConsole
                    .Progress()
                    .AutoClear(true)
                    .StartAsync(context =>
                    {
                        var bar = context.AddTask($"{what}, {total:N0} images", maxValue: Math.Max(1, total));
                        return pass(images =>
                        {
                            bar.Value(images);
                            bar.Description($"{what}, {total:N0} images, {Speed(images):F0} images/s");
                        });
                    })
                : await pass(Lines());
        return (result, Speed(total));

        double Speed(long images) => images / Math.Max(1e-9, clock.GetElapsedTime(start).TotalSeconds);

        Action<long> Lines()
        {
            var told = start;
            return images =>
            {
                if (clock.GetElapsedTime(told) < Pause)
                    return;
                told = clock.GetTimestamp();
                Console.Error.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{what}: {images:N0} of {total:N0} images, {Speed(images):F0} images/s")
                );
            };
        }
    }
}
