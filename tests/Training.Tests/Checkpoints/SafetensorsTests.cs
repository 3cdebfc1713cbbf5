using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Saccade.Training.Checkpoints;
using Xunit;

namespace Saccade.Training.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    [Fact]
    public void Reader_WhatWriterWrote_IsTheSame()
    {
        using TempFolder folder = new();
        SafetensorsTensor[] tensors =
        [
            new("b", SafetensorsType.F32, [2, 1], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
            new("a", SafetensorsType.I64, [], new byte[] { 9, 0, 0, 0, 0, 0, 0, 0 }),
            new("empty", SafetensorsType.F16, [0, 5], Array.Empty<byte>()),
            new("ü\"", SafetensorsType.U8, [3], new byte[] { 7, 8, 9 }),
        ];
        Write(folder["a"], tensors, new Dictionary<string, string> { ["note"] = "two\nlines" });

        using var read = SafetensorsReader.Open(folder["a"]);

        Assert.Equal("two\nlines", read.Metadata["note"]);
        Assert.Equal(tensors.Length, read.Entries.Count);
        foreach (var tensor in tensors)
        {
            var entry = read.Find(tensor.Name)!;
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (entry.Type, string.Join(',', entry.Shape)));
            Assert.Equal(tensor.Data.ToArray(), read.Read(entry));
        }

        Assert.Null(read.Find("none"));
    }

    [Fact]
    public void Writer_AnyHeader_AlignsTheData()
    {
        using TempFolder folder = new();
        foreach (var name in new[] { "a", "ab", "abc", "abcdefgh" })
        {
            Write(folder[name], [new(name, SafetensorsType.U8, [1], new byte[] { 1 })]);
            Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(folder[name])) % 8);
        }
    }

    [Fact]
    public void Writer_NameTwiceOrWrongLength_IsRefused()
    {
        SafetensorsTensor one = new("a", SafetensorsType.U8, [1], new byte[] { 1 });

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [one, one]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [one with { Shape = [2] }]));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", null)]
    [InlineData("", "malformed")]
    [InlineData("[]", "malformed")]
    [InlineData("""{"a":3}""", "malformed")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4]}}""", "malformed")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4.5],"data_offsets":[0,4]}}""", "malformed")]
    [InlineData("""{"a":{"dtype":"U9","shape":[4],"data_offsets":[0,4]}}""", "unsupported type")]
    [InlineData("""{"a":{"dtype":"6","shape":[4],"data_offsets":[0,4]}}""", "unsupported type")]
    [InlineData("""{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,4]}}""", "needs")]
    [InlineData("""{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-2,-2],"data_offsets":[0,4]}}""", "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", "overflow")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "cover 2 of 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "0 was expected")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "was expected"
    )]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "twice")]
    [InlineData("""{"__metadata__":{"a":1},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "malformed")]
    public void Open_Header_IsTakenOrRefused(string header, string? complaint)
    {
        using TempFolder folder = new();
        WriteRaw(folder["a"], (ulong)header.Length, header);

        if (complaint is null)
        {
            using var file = SafetensorsReader.Open(folder["a"]);
            Assert.Single(file.Entries);
            return;
        }

        Assert.Contains(
            complaint,
            Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(folder["a"])).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x8000_0000_0000_0000)]
    [InlineData(99_999_999)]
    [InlineData(1_000)]
    public void Open_HeaderLengthBeyondTheFile_IsRefusedBeforeItIsAllocated(ulong length)
    {
        using TempFolder folder = new();
        WriteRaw(folder["a"], length, "{}");

        Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(folder["a"]));
    }

    [Fact]
    public void Open_AnyBytes_AreTakenOrRefusedButNeverBreakIt() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                using TempFolder folder = new();
                WriteRaw(folder["a"], (ulong)bytes.Length, Encoding.Latin1.GetString(bytes));
                try
                {
                    SafetensorsReader.Open(folder["a"]).Dispose();
                }
                catch (InvalidDataException)
                {
                    // The only refusal that callers know.
                }
            })
            .QuickCheckThrowOnFailure();

    private static void Write(string path, SafetensorsTensor[] tensors, Dictionary<string, string>? metadata = null)
    {
        using var file = File.Create(path);
        SafetensorsWriter.Write(file, tensors, metadata);
    }

    private static void WriteRaw(string path, ulong headerLength, string header)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength);
        File.WriteAllBytes(path, [.. prefix, .. Encoding.Latin1.GetBytes(header), 1, 2, 3, 4]);
    }
}
