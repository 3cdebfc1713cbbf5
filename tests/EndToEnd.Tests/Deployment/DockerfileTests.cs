using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Deployment;

public sealed class DockerfileTests
{
    private static readonly Dockerfile File = Dockerfile.Read();

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void Image_Any_RunsUnprivilegedWithAHealthCheck(string name)
    {
        var stage = Stage(name);

        Assert.True(int.Parse(Assert.Single(stage.Of("USER")), System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Contains("/health/ready", Assert.Single(stage.Of("HEALTHCHECK")), StringComparison.Ordinal);
        Assert.Equal("8080 8081", Assert.Single(stage.Of("EXPOSE")));
        Assert.Equal("[\"dotnet\", \"Saccade.Api.dll\"]", Assert.Single(stage.Of("ENTRYPOINT")));
        Assert.All(
            new[] { "Models__Path=/models", "ASPNETCORE_HTTP_PORTS=8080", "Grpc__Port=8081" },
            setting => Assert.Contains(setting, Assert.Single(stage.Of("ENV")).Split(' '))
        );
        // The health check's program and libjpeg-turbo are in no base image.
        Assert.Contains(
            stage.Of("RUN"),
            line => line.Contains(" curl ", StringComparison.Ordinal) && line.Contains(" libturbojpeg ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Copy_FromAStage_NamesAnEarlierOne()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stage in File.Stages)
        {
            var sources = stage
                .Of("COPY")
                .Where(line => line.StartsWith("--from=", StringComparison.Ordinal))
                .Select(line => line["--from=".Length..].Split(' ')[0]);
            Assert.All(sources, source => Assert.Contains(source, seen));
            seen.Add(stage.Name);
        }
    }

    [Fact]
    public void Copy_FromTheContext_NamesWhatExistsAndIsNotIgnored()
    {
        var allowed = System
            .IO.File.ReadAllLines(Checkout.PathOf(".dockerignore"))
            .Where(line => line.StartsWith('!'))
            .Select(line => line[1..])
            .ToList();
        var sources = File
            .Stages.SelectMany(stage => stage.Of("COPY"))
            .Where(line => !line.StartsWith("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[..^1])
            .Select(path => path.TrimEnd('/'))
            .ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, path => Assert.True(Path.Exists(Checkout.PathOf(path)), path));
        Assert.All(sources, path => Assert.Contains(path, allowed));
    }

    [Fact]
    public void Publish_EveryBuild_IsTheCommandThatTheTestsRun()
    {
        var command = ServicePublish.CommandOf(System.IO.File.ReadAllText(Checkout.PathOf("Dockerfile")));

        Assert.Equal("publish", command[0]);
        Assert.True(System.IO.File.Exists(Checkout.PathOf(command[1])), command[1]);
    }

    private static DockerfileStage Stage(string name) => File.Stages.Single(stage => stage.Name == name);
}
