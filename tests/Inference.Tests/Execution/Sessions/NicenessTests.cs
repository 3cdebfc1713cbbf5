using System.Globalization;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

/// <summary>Whose threads give way.</summary>
public sealed class NicenessTests : IDisposable
{
    private readonly TempModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Niceness_OfASession_IsThatOfItsThreadsAlone()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var own = Niceness().First(thread => thread.Id == Environment.ProcessId).Niceness;
        if (own < 0)
            return;

        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Colors("giving").Settings) { ["Execution:Niceness"] = "7" });
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(200, 10, 10)));

        Assert.All(Of("saccade giving"), niceness => Assert.Equal(Math.Min(own + 7, 19), niceness));
        Assert.All(Of(".NET TP Worker"), niceness => Assert.Equal(own, niceness));
    }

    private static int[] Of(string name)
    {
        int[] found =
        [
            .. Niceness().Where(thread => thread.Name.StartsWith(name, StringComparison.Ordinal)).Select(thread => thread.Niceness),
        ];
        Assert.NotEmpty(found);
        return found;
    }

    // Of each thread of this process: the nineteenth field, the seventeenth after the name in parentheses.
    private static IEnumerable<(int Id, string Name, int Niceness)> Niceness()
    {
        foreach (var folder in Directory.GetDirectories("/proc/self/task"))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (IOException)
            {
                // It ended meanwhile.
                continue;
            }

            var (open, close) = (line.IndexOf('('), line.LastIndexOf(')'));
            yield return (
                int.Parse(line[..open], CultureInfo.InvariantCulture),
                line[(open + 1)..close],
                int.Parse(line[(close + 2)..].Split(' ')[16], CultureInfo.InvariantCulture)
            );
        }
    }
}
