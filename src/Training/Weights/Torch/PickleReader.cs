using System.Globalization;
using System.Numerics;

namespace Saccade.Training.Weights.Torch;

/// <summary>
/// A machine for the part of the pickle language that data needs (protocols 1 to 5, PEP 307 and PEP 3154). It builds lists, tuples,
/// dictionaries, numbers and text; what a global name and its call mean is <see cref="TorchVocabulary"/>'s to say, which knows a handful
/// and refuses the rest. Nothing is executed, ever, and nothing recursive is followed.
/// </summary>
internal sealed class PickleReader
{
    // Each step makes one small object at most, so this bounds memory too; a state dictionary takes some forty steps a tensor.
    private const int MaxSteps = 4_000_000;

    private static readonly object Mark = new();

    private readonly PickleInput _input;
    private readonly Func<object?, object> _load;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];

    private PickleReader(PickleInput input, Func<object?, object> load)
    {
        _input = input;
        _load = load;
    }

    /// <param name="stream">Left behind the pickle's last byte.</param>
    /// <param name="load">What a persistent id stands for: a storage.</param>
    /// <exception cref="InvalidDataException">It is broken, or asks for anything but tensors; the message says what.</exception>
    public static object? Read(Stream stream, Func<object?, object> load)
    {
        var reader = new PickleReader(new PickleInput(stream), load);
        for (var step = 0; step < MaxSteps; step++)
        {
            var code = reader._input.Byte();
            if (code == '.')
                return reader.Pop();
            reader.Step(code);
        }

        throw new InvalidDataException($"the pickle has more than {MaxSteps} steps");
    }

    private void Step(byte code)
    {
        switch (code)
        {
            case 0x80:
                Protocol();
                break;
            case 0x95:
                _input.Unsigned(8);
                break;
            case (byte)'(':
                _stack.Add(Mark);
                break;
            case (byte)'0':
                Pop();
                break;
            case (byte)'1':
                PopToMark();
                break;
            case (byte)'2':
                _stack.Add(Top());
                break;

            case (byte)'N':
                _stack.Add(null);
                break;
            case 0x88:
                _stack.Add(true);
                break;
            case 0x89:
                _stack.Add(false);
                break;
            case (byte)'K':
                _stack.Add(_input.Unsigned(1));
                break;
            case (byte)'M':
                _stack.Add(_input.Unsigned(2));
                break;
            case (byte)'J':
                _stack.Add((long)_input.Int32());
                break;
            case 0x8a:
                PushLong(_input.Unsigned(1));
                break;
            case 0x8b:
                PushLong(_input.Unsigned(4));
                break;
            case (byte)'I':
                _stack.Add(TextNumber(_input.Line()));
                break;
            case (byte)'L':
                _stack.Add(TextNumber(_input.Line().TrimEnd('L')));
                break;
            case (byte)'G':
                _stack.Add(_input.Double());
                break;

            case 0x8c
            or (byte)'U':
                _stack.Add(_input.Text(_input.Unsigned(1)));
                break;
            case (byte)'X' or (byte)'T':
                _stack.Add(_input.Text(_input.Unsigned(4)));
                break;
            case 0x8d:
                _stack.Add(_input.Text(_input.Unsigned(8)));
                break;
            case (byte)'C':
                _stack.Add(_input.Bytes(_input.Unsigned(1)));
                break;
            case (byte)'B':
                _stack.Add(_input.Bytes(_input.Unsigned(4)));
                break;
            case 0x8e or 0x96:
                _stack.Add(_input.Bytes(_input.Unsigned(8)));
                break;

            case (byte)']':
                _stack.Add(new PickleList());
                break;
            case (byte)'l':
                _stack.Add(ListOf(PopToMark()));
                break;
            case (byte)'a':
                Append([Pop()]);
                break;
            case (byte)'e':
                Append(PopToMark());
                break;
            case (byte)')':
                _stack.Add(new PickleTuple([]));
                break;
            case (byte)'t':
                _stack.Add(new PickleTuple(PopToMark()));
                break;
            case 0x85 or 0x86 or 0x87:
                _stack.Add(new PickleTuple(PopMany(code - 0x84)));
                break;
            case (byte)'}':
                _stack.Add(new PickleDictionary());
                break;
            case (byte)'d':
                _stack.Add(Set(new PickleDictionary(), PopToMark()));
                break;
            case (byte)'s':
                SetItems(PopMany(2));
                break;
            case (byte)'u':
                SetItems(PopToMark());
                break;

            case (byte)'q':
                _memo[_input.Unsigned(1)] = Top();
                break;
            case (byte)'r':
                _memo[_input.Unsigned(4)] = Top();
                break;
            case (byte)'p':
                _memo[MemoKey(_input.Line())] = Top();
                break;
            case 0x94:
                _memo[_memo.Count] = Top();
                break;
            case (byte)'h':
                _stack.Add(Recall(_input.Unsigned(1)));
                break;
            case (byte)'j':
                _stack.Add(Recall(_input.Unsigned(4)));
                break;
            case (byte)'g':
                _stack.Add(Recall(MemoKey(_input.Line())));
                break;

            case (byte)'c':
                _stack.Add(TorchVocabulary.Find(_input.Line(), _input.Line()));
                break;
            case 0x93:
                _stack.Add(StackGlobal(PopMany(2)));
                break;
            case (byte)'R':
                Reduce(PopMany(2));
                break;
            case (byte)'b':
                Build(Pop());
                break;
            case (byte)'Q':
                _stack.Add(_load(Pop()));
                break;

            default:
                throw new InvalidDataException($"the pickle has the operation 0x{code:x2}, which data does not need");
        }
    }

    private void Protocol()
    {
        var protocol = _input.Byte();
        if (protocol > 5)
            throw new InvalidDataException($"the pickle has protocol {protocol}; those up to 5 are known");
    }

    private void PushLong(long size)
    {
        var value = new BigInteger(_input.Bytes(size));
        if (value >= long.MinValue && value <= long.MaxValue)
            _stack.Add((long)value);
        else
            _stack.Add(value);
    }

    private static object TextNumber(string digits) =>
        digits switch
        {
            "00" => false,
            "01" => true,
            _ => Number(digits),
        };

    private static long MemoKey(string digits) => Number(digits);

    private static long Number(string digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException("the pickle has a number that is none");

    private static PickleList ListOf(object?[] items)
    {
        var list = new PickleList();
        list.Items.AddRange(items);
        return list;
    }

    private void Append(object?[] items)
    {
        var list = Top() as PickleList ?? throw new InvalidDataException("the pickle appends to what is no list");
        list.Items.AddRange(items);
    }

    private void SetItems(object?[] items) =>
        Set(Top() as PickleDictionary ?? throw new InvalidDataException("the pickle sets an item of what is no dictionary"), items);

    private static PickleDictionary Set(PickleDictionary dictionary, object?[] items)
    {
        if (items.Length % 2 != 0)
            throw new InvalidDataException("the pickle has a key without a value");
        for (var i = 0; i < items.Length; i += 2)
            dictionary.Items.Add(new(items[i], items[i + 1]));
        return dictionary;
    }

    private object? Recall(long key) =>
        _memo.TryGetValue(key, out var value) ? value : throw new InvalidDataException($"the pickle recalls {key}, which it never stored");

    private static object StackGlobal(object?[] names) =>
        names is [string module, string name]
            ? TorchVocabulary.Find(module, name)
            : throw new InvalidDataException("the pickle has a global without a name");

    private void Reduce(object?[] call) =>
        _stack.Add(
            call is [PickleGlobal function, PickleTuple arguments]
                ? TorchVocabulary.Call(function, arguments.Items)
                : throw new InvalidDataException("the pickle calls what is no function")
        );

    /// <summary>What an ordered dictionary of torch carries beside its items, versions of modules, is dropped.</summary>
    private void Build(object? state)
    {
        if (Top() is not PickleDictionary || state is not PickleDictionary)
            throw new InvalidDataException("the pickle gives a state to something that is no dictionary");
    }

    private object? Top() => _stack is [.., var top] && top != Mark ? top : throw Underflow();

    private object? Pop()
    {
        var top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] PopMany(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return items;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw Underflow();
        object?[] items = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private static InvalidDataException Underflow() => new("the pickle takes more from its stack than it put there");
}
