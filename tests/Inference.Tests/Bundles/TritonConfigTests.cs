using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tests.Bundles;

public sealed class TritonConfigTests
{
    [Fact]
    public void Parse_AUsualConfiguration_GivesWhatHasACounterpart()
    {
        var config = TritonConfig.Parse(
            """
            name: "resnet"
            platform: "onnxruntime_onnx"
            max_batch_size: 16
            input [ { name: "x" data_type: TYPE_FP32 format: FORMAT_NHWC dims: [ 224, 192, 3 ] } ]
            output [ { name: "y" data_type: TYPE_FP32 dims: [ 1000 ] label_filename: "labels.txt" } ]
            dynamic_batching { preferred_batch_size: [ 4, 8 ] max_queue_delay_microseconds: 100 }
            instance_group [ { count: 2 kind: KIND_CPU } ]
            version_policy: { latest { num_versions: 2 } }
            optimization { graph { level: 1 } }
            """,
            "resnet"
        );

        Assert.Equal(
            """{"input":{"name":"x","type":"float32","layout":"NHWC","height":224,"width":192},"output":"y"}""",
            config.Fields.ToJsonString()
        );
        Assert.Equal(("labels.txt", "model.onnx", 16), (config.LabelFile, config.ModelFile, config.MaxBatchSize));
        Assert.Equal(TimeSpan.FromMicroseconds(100), config.MaxQueueDelay);
        Assert.Equal((2, 0, true), (config.CpuInstances, config.GpuInstances, config.CpuOnly));
        Assert.Equal([2, 3], config.Versions.Of([1, 2, 3]));
        Assert.Equal(["dynamic_batching.preferred_batch_size", "optimization"], config.Ignored);
    }

    [Theory]
    [InlineData("", new long[] { 3 })]
    [InlineData("version_policy { all {} }", new long[] { 1, 2, 3 })]
    [InlineData("version_policy { latest {} }", new long[] { 3 })]
    [InlineData("version_policy { latest { num_versions: 9 } }", new long[] { 1, 2, 3 })]
    [InlineData("version_policy: { specific: { versions: [1, 3, 7] } }", new long[] { 1, 3 })]
    public void Parse_VersionPolicy_ChoosesVersions(string text, long[] expected) =>
        Assert.Equal(expected, TritonConfig.Parse(text, "m").Versions.Of([1, 2, 3]));

    [Theory]
    [InlineData("", null)]
    [InlineData("max_batch_size: 0", 1)]
    [InlineData("max_batch_size: 0x20", 32)]
    public void Parse_MaxBatchSize_IsALimit(string text, int? expected) =>
        Assert.Equal(expected, TritonConfig.Parse(text, "m").MaxBatchSize);

    [Fact]
    public void Parse_AnInputWithItsBatch_HasTheSidesOfOneImage() =>
        Assert.Contains(
            "\"layout\":\"NCHW\",\"height\":24,\"width\":32",
            TritonConfig.Parse("max_batch_size: 0 input { name: 'x' dims: [1, 3, 24, 32] }", "m").Fields.ToJsonString(),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("name: \"other\"", "folder 'm'")]
    [InlineData("platform: \"tensorrt_plan\"", "onnxruntime_onnx is served")]
    [InlineData("backend: \"python\"", "onnxruntime is served")]
    [InlineData("platform: \"ensemble\"", "platform is 'ensemble'")]
    [InlineData("sequence_batching {}", "sequence_batching is not supported")]
    [InlineData("input { data_type: TYPE_FP16 }", "TYPE_FP16")]
    [InlineData("input [ {name: 'a'}, {name: 'b'} ]", "one input")]
    [InlineData("max_batch_size: many", "line 1: max_batch_size must be a whole number")]
    [InlineData("dynamic_batching: 1", "a message in braces")]
    [InlineData("default_model_filename: \"../x.onnx\"", "no file name")]
    [InlineData("output { name: 'y' label_filename: '/etc/passwd' }", "no file name")]
    [InlineData("model_transaction_policy { decoupled: true }", "decoupled")]
    [InlineData("name: ", "line 1")]
    public void Parse_WhatCannotBeServed_IsRefusedWithTheReason(string text, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => TritonConfig.Parse(text, "m"));

        Assert.StartsWith("config.pbtxt", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
