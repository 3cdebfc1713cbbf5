using System.Globalization;
using Spectre.Console;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>Shows how far a pass over pictures is: a bar on a terminal, a line now and then anywhere else.</summary>
internal static class EvaluationProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Runs a pass.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="what">What it does, in a word or two.</param>
    /// <param name="pictures">How many pictures there are.</param>
    /// <param name="clock">For the speed.</param>
    /// <param name="pass">The pass; tells how many pictures are done.</param>
    /// <returns>What it gave, and pictures a second.</returns>
    public static async Task<(T Result, double ImagesPerSecond)> ShowAsync<T>(
        string what,
        int pictures,
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
                        var bar = context.AddTask($"{what}, {pictures:N0} pictures", maxValue: Math.Max(1, pictures));
                        return pass(images =>
                        {
                            bar.Value(images);
                            bar.Description($"{what}, {pictures:N0} pictures, {Speed(images):F0} images/s");
                        });
                    })
                : await pass(Lines());
        return (result, Speed(pictures));

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
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{what}: {images:N0} of {pictures:N0} pictures, {Speed(images):F0} images/s"
                    )
                );
            };
        }
    }
}
