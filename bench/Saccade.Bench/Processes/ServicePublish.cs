namespace Saccade.Bench.Processes;

/// <summary>Publishes the service with the command that the Dockerfile runs, so that what is measured and tested is what ships.</summary>
public static class ServicePublish
{
    private const string OutputOption = "--output";

    /// <summary>The arguments of the Dockerfile's <c>dotnet publish</c>, in order.</summary>
    /// <exception cref="InvalidDataException">The Dockerfile has no such command, or several that differ.</exception>
    public static IReadOnlyList<string> CommandOf(string dockerfile)
    {
        var commands = dockerfile
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("RUN dotnet publish src/Api/", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return commands.Count == 1
            ? commands[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2..]
            : throw new InvalidDataException(
                $"Expected one distinct 'RUN dotnet publish src/Api/…' in the Dockerfile, found {commands.Count}."
            );
    }

    /// <summary>Publishes into a folder, building in <paramref name="scratch"/> so that the checkout's own build stays as it is.</summary>
    /// <param name="output">Takes the place of the image's folder.</param>
    /// <param name="scratch">For intermediate files.</param>
    /// <exception cref="InvalidOperationException">The command failed; the message is its output.</exception>
    public static async Task RunAsync(string output, string scratch)
    {
        var arguments = CommandOf(await File.ReadAllTextAsync(Checkout.PathOf("Dockerfile"))).ToList();
        var at = arguments.IndexOf(OutputOption);
        if (at < 0 || at + 1 >= arguments.Count)
            throw new InvalidDataException($"The Dockerfile's publish command has no {OutputOption}.");
        arguments[at + 1] = output;

        var (exitCode, text) = await ChildProcess.RunAsync(
            "dotnet",
            [.. arguments, "--artifacts-path", scratch, "--nologo", "--verbosity", "quiet", "-nodeReuse:false"],
            TimeSpan.FromMinutes(10),
            Checkout.Root
        );
        if (exitCode != 0)
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed with {exitCode}:\n{text}");
    }
}
