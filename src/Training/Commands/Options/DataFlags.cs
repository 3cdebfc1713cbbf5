using System.CommandLine;
using Saccade.Training.Data;

namespace Saccade.Training.Commands.Options;

/// <summary>The options that say which labelled images are meant.</summary>
internal sealed class DataFlags
{
    private readonly Option<string?> _path;
    private readonly Option<string?> _csv = new("--csv")
    {
        Description =
            "Table of images in place of class folders: columns path (or file, filename, image) and label (or class), perhaps split. "
            + "Paths are relative to --data, or else to the table.",
    };
    private readonly Option<bool> _recursive = new("--recursive") { Description = "Take in images in folders below a class's folder." };
    private readonly Option<bool> _skipUnreadable = new("--skip-unreadable")
    {
        Description = "Go on without images that cannot be read, which are listed.",
    };

    /// <param name="description">What <c>--data</c> is for.</param>
    public DataFlags(string description = "") => _path = new("--data") { Description = description };

    /// <summary>All options, for the command.</summary>
    public IEnumerable<Option> Options => [_path, .. OptionsBesidePath];

    /// <summary>The options of a command that takes the folder as an argument.</summary>
    public IEnumerable<Option> OptionsBesidePath => [_csv, _recursive, _skipUnreadable];

    /// <summary>Where the images are; null where neither <c>--data</c> nor <c>--csv</c> is given.</summary>
    public DataLocation? Find(ParseResult arguments) => At(arguments, arguments.GetValue(_path));

    /// <summary>Where the images are, by a folder that is said otherwise; null without a folder and <c>--csv</c>.</summary>
    /// <exception cref="CommandException">A path is empty, or it was said how to read images and not which.</exception>
    public DataLocation? At(ParseResult arguments, string? path)
    {
        var csv = arguments.GetValue(_csv);
        if (path is "" || csv is "")
            throw new CommandException("The name of the folder or table of images is empty.");
        path ??= csv is null ? null : Path.GetDirectoryName(Path.GetFullPath(csv));
        if (path is not null)
            return new(path, csv, arguments.GetValue(_recursive), arguments.GetValue(_skipUnreadable));
        return arguments.GetValue(_recursive) || arguments.GetValue(_skipUnreadable)
            ? throw new CommandException("--recursive and --skip-unreadable go with a folder of images or a table (--csv).")
            : null;
    }

    /// <summary>Where the images are.</summary>
    /// <exception cref="CommandException">It was not said.</exception>
    public DataLocation Require(ParseResult arguments) =>
        Find(arguments) ?? throw new CommandException("Option '--data' (or '--csv') is required.");

    /// <summary>What to say of an image that cannot be read where files were not all opened first.</summary>
    public static CommandException Explain(UnreadableImageException problem) =>
        new($"{problem.Message} --skip-unreadable goes on without such files, data check lists them all.");

    /// <summary>Whether an option was given that differs from what is stored.</summary>
    public bool Differ(ParseResult arguments, DataLocation stored) =>
        (arguments.GetValue(_path) is { } path && path != stored.Path)
        || (arguments.GetValue(_csv) is { } csv && csv != stored.Csv)
        || (arguments.GetValue(_recursive) && !stored.Recursive)
        || (arguments.GetValue(_skipUnreadable) && !stored.SkipUnreadable);
}
