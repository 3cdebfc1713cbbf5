namespace Saccade.Training.Data;

/// <summary>A part of a data set.</summary>
public enum DataPart
{
    /// <summary>What is learnt from.</summary>
    Train,

    /// <summary>What is measured on while training.</summary>
    Val,

    /// <summary>What is kept for the last measurement.</summary>
    Test,
}

/// <summary>What the parts are called in folders and tables.</summary>
internal static class DataPartNames
{
    private static readonly Dictionary<string, DataPart> Spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = DataPart.Train,
        ["training"] = DataPart.Train,
        ["val"] = DataPart.Val,
        ["valid"] = DataPart.Val,
        ["validation"] = DataPart.Val,
        ["test"] = DataPart.Test,
        ["testing"] = DataPart.Test,
    };

    /// <summary>Every usual spelling, lower case.</summary>
    public static IReadOnlyCollection<string> All => Spellings.Keys;

    /// <summary>The part with a name, in any case; null if it is none of theirs.</summary>
    public static DataPart? Find(string name) => Spellings.TryGetValue(name, out var part) ? part : null;

    /// <summary>The short name, as in options and messages.</summary>
    public static string Of(DataPart part) => part.ToString().ToLowerInvariant();
}
