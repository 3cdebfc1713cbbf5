using Saccade.Training.Checkpoints;
using Saccade.Training.Networks.Variants;
using Saccade.Training.Recipes;
using Saccade.Training.Tests.Training;
using Xunit;

namespace Saccade.Training.Tests.Checkpoints;

public sealed class RunDirectoryTests
{
    [Fact]
    public void ReadRecord_WhatWriteRecordWrote_IsTheSame()
    {
        using TempFolder folder = new();
        RunDirectory directory = new(folder["run"]);
        var record = TinyRun.Record(NamedRecipes.All[NamedRecipes.GoogLeNetPaper] with { LearningRate = 0.1 + 0.2 });

        directory.WriteRecord(record);
        var read = directory.ReadRecord();

        Assert.Equal(record.Recipe, read.Recipe);
        Assert.Equal(record.Network, read.Network);
        Assert.Equal(record.Data, read.Data);
        Assert.Equal(record.Labels, read.Labels);
        Assert.Equal(record.Preprocessing.Mean, read.Preprocessing.Mean);
        Assert.Equal((record.Seed, record.Threads, record.CommandLine), (read.Seed, read.Threads, read.CommandLine));
        Assert.Equal(record.Versions, read.Versions);
    }

    /// <summary>A run of version 0.1 goes on, and is exported, under the words it was written with.</summary>
    [Fact]
    public void ReadRecord_NamesOfVersion01_MeanWhatTheyMeant()
    {
        using TempFolder folder = new();
        RunDirectory directory = new(folder.Path);
        var record = TinyRun.Record(TinyRun.Recipe with { AuxWeight = 0.125 });
        record = record with { Network = record.Network with { Traits = [Traits.AuxClassifiers.Is(true), Traits.AuxDropout.Is(0.5)] } };
        directory.WriteRecord(record);
        var json = File.ReadAllText(directory.RecordFile);
        foreach (
            var (current, old) in new[]
            {
                ("\"aux\"", "\"sideHeads\""),
                ("\"auxWeight\"", "\"sideHeadWeight\""),
                ("\"aux-classifiers\"", "\"side-heads\""),
                ("\"aux-dropout\"", "\"side-head-dropout\""),
            }
        )
        {
            Assert.Contains(current, json, StringComparison.Ordinal);
            json = json.Replace(current, old, StringComparison.Ordinal);
        }

        File.WriteAllText(directory.RecordFile, json);

        var read = directory.ReadRecord();
        Assert.Equal(record.Recipe, read.Recipe);
        Assert.Equal(record.Network, read.Network);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"format":2}""")]
    public void ReadRecord_NotARecord_IsRefusedByName(string json)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["run.json"], json);

        var error = Assert.Throws<InvalidDataException>(() => new RunDirectory(folder.Path).ReadRecord());

        Assert.Contains("run.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRecord_NoRun_IsRefused() => Assert.Throws<InvalidDataException>(() => new RunDirectory("no-such-run").ReadRecord());
}
