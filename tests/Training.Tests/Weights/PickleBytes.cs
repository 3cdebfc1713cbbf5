using System.Buffers.Binary;
using System.Text;

namespace Saccade.Training.Tests.Weights;

/// <summary>Writes pickles by hand, sound or not, one operation a call.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [];

    internal static PickleBytes Start => new PickleBytes().Raw(0x80, 2);

    internal byte[] ToArray() => [.. _bytes];

    internal byte[] Stop() => Raw((byte)'.').ToArray();

    internal PickleBytes Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal PickleBytes Code(char code) => Raw((byte)code);

    internal PickleBytes Mark() => Code('(');

    internal PickleBytes Text(string text) => Sized('X', Encoding.UTF8.GetBytes(text));

    internal PickleBytes Int(int value) => Code('J').Raw(Number(value));

    internal PickleBytes Global(string module, string name) => Code('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    internal PickleBytes Tuple(params int[] values)
    {
        Mark();
        foreach (var value in values)
            Int(value);
        return Code('t');
    }

    internal PickleBytes Storage(string type, string key, int count) =>
        Mark().Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count).Code('t').Code('Q');

    /// <summary>A tensor as torch writes it.</summary>
    internal PickleBytes Tensor(string type, string key, int count, int offset, int[] size, int[] stride) =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .Mark()
            .Storage(type, key, count)
            .Int(offset)
            .Tuple(size)
            .Tuple(stride)
            .Raw(0x89)
            .Code('}')
            .Code('t')
            .Code('R');

    /// <summary>A state dictionary with one tensor.</summary>
    internal static byte[] One(string type, string key, int count, int offset, int[] size, int[] stride) =>
        Start.Code('}').Text("w").Tensor(type, key, count, offset, size, stride).Code('s').Stop();

    private PickleBytes Sized(char code, byte[] content) => Code(code).Raw(Number(content.Length)).Raw(content);

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
