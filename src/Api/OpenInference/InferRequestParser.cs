using System.Text.Json;

namespace Saccade.Api.OpenInference;

/// <summary>Reads the JSON of a request in one pass, leaving each tensor's numbers where they are until its type and shape are
/// known.</summary>
internal ref struct InferRequestParser(ReadOnlySpan<byte> json)
{
    private const int MostAxes = 8;
    private const int MostTensors = 64;

    private Utf8JsonReader _reader = new(json);

    /// <summary>Reads the whole object.</summary>
    /// <exception cref="InvalidDataException">It is JSON, but no request.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public ParsedRequest Parse()
    {
        string? id = null;
        var parameters = InferParameters.None;
        List<ParsedInput>? inputs = null;
        List<InferOutput> outputs = [];
        _reader.Read();
        Expect(JsonTokenType.StartObject, "The JSON must be an object.");
        while (NextMember() is { } member)
        {
            switch (member)
            {
                case "id":
                    id = Text("id");
                    break;
                case "parameters":
                    parameters = Parameters();
                    break;
                case "inputs":
                    inputs = Inputs();
                    break;
                case "outputs":
                    outputs = Outputs();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }

        while (_reader.Read())
        {
            // Nothing may follow the object; the reader throws if something does.
        }

        return new ParsedRequest(id, parameters, inputs ?? throw new InvalidDataException("'inputs' is missing."), outputs);
    }

    private List<ParsedInput> Inputs()
    {
        Expect(JsonTokenType.StartArray, "'inputs' must be an array.");
        var inputs = new List<ParsedInput>();
        while (NextElement())
        {
            if (inputs.Count == MostTensors)
                throw new InvalidDataException($"There are more than {MostTensors} inputs.");
            inputs.Add(Input());
        }

        return inputs;
    }

    private ParsedInput Input()
    {
        Expect(JsonTokenType.StartObject, "An input must be an object.");
        string? name = null;
        string? datatype = null;
        long[]? shape = null;
        Range? data = null;
        var parameters = InferParameters.None;
        while (NextMember() is { } member)
        {
            switch (member)
            {
                case "name":
                    name = Text("name");
                    break;
                case "datatype":
                    datatype = Text("datatype");
                    break;
                case "shape":
                    shape = Shape();
                    break;
                case "parameters":
                    parameters = Parameters();
                    break;
                case "data":
                    data = Extent();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }

        return new ParsedInput(
            name ?? throw new InvalidDataException("An input has no 'name'."),
            datatype ?? throw new InvalidDataException($"Input '{name}' has no 'datatype'."),
            shape ?? throw new InvalidDataException($"Input '{name}' has no 'shape'."),
            parameters,
            data
        );
    }

    private List<InferOutput> Outputs()
    {
        Expect(JsonTokenType.StartArray, "'outputs' must be an array.");
        var outputs = new List<InferOutput>();
        while (NextElement())
        {
            if (outputs.Count == MostTensors)
                throw new InvalidDataException($"There are more than {MostTensors} outputs.");
            Expect(JsonTokenType.StartObject, "An output must be an object.");
            string? name = null;
            var parameters = InferParameters.None;
            while (NextMember() is { } member)
            {
                if (member == "name")
                    name = Text("name");
                else if (member == "parameters")
                    parameters = Parameters();
                else
                    _reader.Skip();
            }

            outputs.Add(new(name ?? throw new InvalidDataException("An output has no 'name'."), parameters));
        }

        return outputs;
    }

    private long[] Shape()
    {
        Expect(JsonTokenType.StartArray, "'shape' must be an array.");
        var shape = new List<long>();
        while (NextElement())
        {
            if (shape.Count == MostAxes)
                throw new InvalidDataException($"A shape has more than {MostAxes} axes.");
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var side) || side < 0)
                throw new InvalidDataException("A shape holds whole numbers from 0.");
            shape.Add(side);
        }

        return [.. shape];
    }

    private Range Extent()
    {
        Expect(JsonTokenType.StartArray, "'data' must be an array.");
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return start..(int)_reader.BytesConsumed;
    }

    private InferParameters Parameters()
    {
        Expect(JsonTokenType.StartObject, "'parameters' must be an object.");
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        while (NextMember() is { } member)
        {
            values[member] = _reader.TokenType switch
            {
                JsonTokenType.True or JsonTokenType.False => _reader.GetBoolean(),
                JsonTokenType.Number => _reader.TryGetInt64(out var whole) ? (object)whole : _reader.GetDouble(),
                JsonTokenType.String => _reader.GetString()!,
                _ => throw new InvalidDataException("A parameter is a text, a number, true or false."),
            };
        }

        return new InferParameters(values);
    }

    /// <summary>Goes to the value of the next member; null at the end of the object.</summary>
    private string? NextMember()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.PropertyName)
            return null;
        var name = _reader.GetString()!;
        _reader.Read();
        return name;
    }

    private bool NextElement() => _reader.Read() && _reader.TokenType != JsonTokenType.EndArray;

    private readonly string Text(string member)
    {
        Expect(JsonTokenType.String, $"'{member}' must be a string.");
        return _reader.GetString()!;
    }

    private readonly void Expect(JsonTokenType wanted, string otherwise)
    {
        if (_reader.TokenType != wanted)
            throw new InvalidDataException(otherwise);
    }
}

/// <summary>A request whose tensors have not been looked at.</summary>
internal sealed record ParsedRequest(
    string? Id,
    InferParameters Parameters,
    IReadOnlyList<ParsedInput> Inputs,
    IReadOnlyList<InferOutput> Outputs
);

/// <summary>An input whose numbers have not been looked at.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="Datatype">As written.</param>
/// <param name="Shape">As written.</param>
/// <param name="Parameters">Of the input.</param>
/// <param name="Data">Where in the JSON its numbers are; null if they are not in the JSON.</param>
internal sealed record ParsedInput(string Name, string Datatype, long[] Shape, InferParameters Parameters, Range? Data);
