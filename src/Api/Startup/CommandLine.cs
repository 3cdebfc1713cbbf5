using System.Globalization;
using System.Reflection;
using System.Text;
using Saccade.Api.Access;
using Saccade.Api.Limits;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Shutdown;
using Saccade.Inference.Classification;
using Saccade.Inference.Execution;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;

namespace Saccade.Api.Startup;

/// <summary>Arguments that are answered at once, without a start.</summary>
internal static class CommandLine
{
    private const int KeyColumn = 31;
    private const int DefaultColumn = 24;

    /// <summary>What to print for <c>--help</c> or <c>--version</c>.</summary>
    /// <returns>Null if neither is asked for.</returns>
    public static string? AnswerTo(string[] args)
    {
        if (args.Contains("--help", StringComparer.Ordinal) || args.Contains("-h", StringComparer.Ordinal))
            return Help();
        return args.Contains("--version", StringComparer.Ordinal) ? Version : null;
    }

    /// <summary>The program's name and version, without the commit it was built from.</summary>
    internal static string Version
    {
        get
        {
            var attribute = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
            return $"Saccade {attribute.InformationalVersion.Split('+')[0]}";
        }
    }

    /// <summary>The settings that most services set: key, default, meaning.</summary>
    internal static IEnumerable<(string Key, string Default, string Meaning)> MainSettings()
    {
        var models = new ModelsOptions();
        yield return Row(ModelsOptions.Section, nameof(models.Path), models.Path, "folder of the models, NAME/VERSION/model.onnx");
        yield return Row(ModelsOptions.Section, nameof(models.Default), models.Default, "model for requests that name none");
        yield return Row(ModelsOptions.Section, nameof(models.Watch), models.Watch, "load versions that appear, unload those that vanish");

        var execution = new ExecutionOptions();
        yield return Row(ExecutionOptions.Section, nameof(execution.Provider), execution.Provider, "Auto, Cpu or Cuda");
        yield return Row(ExecutionOptions.Section, nameof(execution.Sessions), execution.Sessions, "runs at once; 0: one a core or GPU");

        var batching = new BatchingOptions();
        yield return Row(BatchingOptions.Section, nameof(batching.MaxBatchSize), batching.MaxBatchSize, "most crops in one run");
        yield return Row(
            BatchingOptions.Section,
            nameof(batching.LatencyObjective),
            batching.LatencyObjective,
            "limits batches to this time"
        );
        yield return Row(
            BatchingOptions.Section,
            nameof(batching.DefaultDeadline),
            batching.DefaultDeadline,
            "for requests that name none"
        );
        yield return Row(
            BatchingOptions.Section,
            nameof(batching.QueueCapacity),
            batching.QueueCapacity,
            "most crops that wait for a model"
        );

        var cache = new CacheOptions();
        yield return Row(CacheOptions.Section, nameof(cache.Size), cache.Size, "bytes of answers to keep; 0: none");

        var limits = new LimitsOptions();
        yield return Row(LimitsOptions.Section, nameof(limits.MaxBodyBytes), limits.MaxBodyBytes, "longest body of one image");
        yield return Row(LimitsOptions.Section, nameof(limits.MaxConcurrentRequests), limits.MaxConcurrentRequests, "requests at once");
        var rates = new RateLimitsOptions();
        yield return Row(RateLimitsOptions.Section, nameof(rates.PerAddress), rates.PerAddress, "requests a second of one address");

        var keys = new KeysOptions();
        yield return Row(KeysOptions.Section, nameof(keys.File), keys.File, "hashed keys of those who may classify");
        var admin = new AdminOptions();
        yield return Row(AdminOptions.Section, nameof(admin.Key), admin.Key, "key to load and unload models with");
        var operators = new OperatorOptions();
        yield return Row(OperatorOptions.Section, nameof(operators.Port), operators.Port, "port for metrics and model control alone");
        var grpc = new GrpcOptions();
        yield return Row(GrpcOptions.Section, nameof(grpc.Port), grpc.Port, "port for gRPC without TLS");
        var shutdown = new ShutdownOptions();
        yield return Row(ShutdownOptions.Section, nameof(shutdown.DrainTimeout), shutdown.DrainTimeout, "time to answer what was accepted");
    }

    private static (string Key, string Default, string Meaning) Row(string section, string name, object? value, string meaning) =>
        ($"{section}:{name}", Text(value), meaning);

    private static string Text(object? value) =>
        value switch
        {
            null => "none",
            bool yes => yes ? "true" : "false",
            _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        };

    private static string Help()
    {
        var help = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{Version}: serves image classifiers over HTTP and gRPC.")
            .AppendLine()
            .AppendLine("  dotnet Saccade.Api.dll [--SECTION:SETTING=VALUE …]")
            .AppendLine()
            .AppendLine("  --help, -h    this text")
            .AppendLine("  --version     the version")
            .AppendLine()
            .AppendLine("Settings that most services set, with their defaults:")
            .AppendLine();
        AppendRow(help, ("urls", ServerSetup.DefaultUrl, "where to listen"));
        foreach (var row in MainSettings())
            AppendRow(help, row);
        AppendRow(help, ("Logging:LogLevel:Default", "Information", "Debug, Information, Warning or Error"));
        return help.AppendLine()
            .AppendLine("They are also read from appsettings.json beside the program and from the environment (Models__Path=/models).")
            .AppendLine(
                "docs/configuration.md has every setting with its range, docs/access.md keys and limits, docs/tuning.md which to turn."
            )
            .Append("A running service documents its routes at /swagger.")
            .ToString();
    }

    private static void AppendRow(StringBuilder help, (string Key, string Default, string Meaning) row) =>
        help.Append("  --").Append(row.Key.PadRight(KeyColumn)).Append(row.Default.PadRight(DefaultColumn)).AppendLine(row.Meaning);
}
