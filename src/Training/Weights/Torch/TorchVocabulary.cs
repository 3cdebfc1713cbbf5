namespace Saccade.Training.Weights.Torch;

/// <summary>
/// The global names that a file of tensors needs, and what calling them means here. Any other name refuses the file: a pickle that names
/// one could run it.
/// </summary>
internal static class TorchVocabulary
{
    private const int MaxNameInMessage = 100;

    private static readonly PickleGlobal OrderedDictionary = new("collections", "OrderedDict");
    private static readonly PickleGlobal Size = new("torch", "Size");

    private static readonly Dictionary<string, ElementType> Storages = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = ElementType.Float32,
        ["DoubleStorage"] = ElementType.Float64,
        ["HalfStorage"] = ElementType.Float16,
        ["BFloat16Storage"] = ElementType.BFloat16,
        ["LongStorage"] = ElementType.Int64,
        ["IntStorage"] = ElementType.Int32,
        ["ShortStorage"] = ElementType.Int16,
        ["CharStorage"] = ElementType.Int8,
        ["ByteStorage"] = ElementType.UInt8,
        ["BoolStorage"] = ElementType.Bool,
        ["UntypedStorage"] = ElementType.UInt8,
    };

    private static readonly Dictionary<string, ElementType> Types = new(StringComparer.Ordinal)
    {
        ["float32"] = ElementType.Float32,
        ["float64"] = ElementType.Float64,
        ["float16"] = ElementType.Float16,
        ["bfloat16"] = ElementType.BFloat16,
        ["int64"] = ElementType.Int64,
        ["int32"] = ElementType.Int32,
        ["int16"] = ElementType.Int16,
        ["int8"] = ElementType.Int8,
        ["uint8"] = ElementType.UInt8,
        ["bool"] = ElementType.Bool,
    };

    /// <summary>A name that a pickle asks for: an element type, or something that may be called.</summary>
    /// <exception cref="InvalidDataException">It is none of those that tensors need.</exception>
    public static object Find(string module, string name)
    {
        var asked = new PickleGlobal(module, name);
        if (module is "torch" or "torch.cuda" or "torch.storage" && Storages.TryGetValue(name, out var element))
            return element;
        if (module == "torch" && Types.TryGetValue(name, out var type))
            return type;
        if (asked == OrderedDictionary || asked == Size || (module == "torch._utils" && IsRebuild(name)))
            return asked;

        throw new InvalidDataException(
            $"the pickle asks for {Printable($"{asked}")}, which could run code; only tensors are read, and nothing was run. "
                + "Save the state dictionary alone: torch.save(model.state_dict(), file)"
        );
    }

    /// <summary>A call of a name that <see cref="Find"/> gave.</summary>
    /// <exception cref="InvalidDataException">The arguments are not what torch writes.</exception>
    public static object Call(PickleGlobal function, object?[] arguments) =>
        (function.Name, arguments) switch
        {
            ("OrderedDict", []) => new PickleDictionary(),
            ("OrderedDict", [PickleList pairs]) => FromPairs(pairs),
            ("Size", [PickleTuple sizes]) => sizes,
            ("_rebuild_tensor", [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride]) => TorchTensor.Create(
                storage,
                storage.Type,
                offset,
                size,
                stride
            ),
            ("_rebuild_tensor_v2", [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride, bool, _, .. var rest])
                when IsPlain(rest) => TorchTensor.Create(storage, storage.Type, offset, size, stride),
            (
                "_rebuild_tensor_v3",
                [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride, bool, _, ElementType type, .. var rest]
            ) when IsPlain(rest) => TorchTensor.Create(storage, type, offset, size, stride),
            ("_rebuild_parameter", [TorchTensor data, bool, _]) => data,
            ("_rebuild_parameter_with_state", [TorchTensor data, bool, _, _]) => data,
            _ => throw new InvalidDataException($"the pickle calls {function} with arguments that torch does not give it"),
        };

    private static bool IsRebuild(string name) =>
        name
            is "_rebuild_tensor"
                or "_rebuild_tensor_v2"
                or "_rebuild_tensor_v3"
                or "_rebuild_parameter"
                or "_rebuild_parameter_with_state";

    // What may follow are bits that make a tensor's values the negative or the conjugate of what is stored.
    private static bool IsPlain(object?[] rest) => rest is [] or [null] or [PickleDictionary { Items.Count: 0 }];

    private static PickleDictionary FromPairs(PickleList pairs)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs.Items)
        {
            dictionary.Items.Add(
                pair switch
                {
                    PickleTuple { Items: [var key, var value] } => new(key, value),
                    PickleList { Items: [var key, var value] } => new(key, value),
                    _ => throw new InvalidDataException("the pickle makes a dictionary of what are no pairs"),
                }
            );
        }

        return dictionary;
    }

    private static string Printable(string name) =>
        new([.. name.Take(MaxNameInMessage).Select(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) ? '?' : letter)]);
}
