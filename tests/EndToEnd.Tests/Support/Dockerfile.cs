using Saccade.Bench.Processes;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>The checkout's Dockerfile, taken apart as far as the tests need.</summary>
public sealed record Dockerfile(IReadOnlyList<DockerfileStage> Stages)
{
    /// <summary>Reads it.</summary>
    public static Dockerfile Read()
    {
        var stages = new List<DockerfileStage>();
        foreach (var line in Instructions(File.ReadAllText(Checkout.PathOf("Dockerfile"))))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "FROM")
                stages.Add(new DockerfileStage(words[3], words[1], []));
            else if (stages.Count > 0)
                stages[^1].Instructions.Add(line);
        }

        return new Dockerfile(stages);
    }

    /// <summary>One instruction a line, continuations joined, comments dropped.</summary>
    private static IEnumerable<string> Instructions(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#')))
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0);
}

/// <summary>One <c>FROM … AS name</c> and what follows it.</summary>
public sealed record DockerfileStage(string Name, string Base, IList<string> Instructions)
{
    /// <summary>The arguments of every instruction of a kind.</summary>
    public IEnumerable<string> Of(string kind) =>
        Instructions.Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal)).Select(line => line[(kind.Length + 1)..].Trim());
}
