using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>
/// Which versions may answer a request that names none: the one that was found first, and those that clients can't tell from it by their
/// labels. Unnamed classes are labelled <c>class 0</c>, <c>class 1</c>, … and compared by that.
/// </summary>
internal static class Succession
{
    /// <summary>Equal for two lists of labels that are the same in the same order, and for no others.</summary>
    public static string Digest(IReadOnlyList<string> labels)
    {
        var text = new StringBuilder();
        foreach (var label in labels)
            text.Append(CultureInfo.InvariantCulture, $"{label.Length}:{label}");
        return Convert.ToHexString(SHA256.HashData(Encoding.Unicode.GetBytes(text.ToString())));
    }

    /// <summary>Why a version may not take another's place without being asked for; null if it may.</summary>
    /// <param name="hasLabels">Whether somebody wrote down what the version's classes are.</param>
    /// <param name="labels">Digest of its labels.</param>
    /// <param name="before">Digest of the labels of the version whose place it would take.</param>
    /// <returns>A clause without a full stop.</returns>
    public static string? Objection(bool hasLabels, string labels, string before) =>
        !hasLabels ? "nobody named its classes"
        : labels != before ? "its labels are not the same"
        : null;

    /// <summary>A model's versions in the order in which they should be tried where one is to serve, told by their manifests.</summary>
    /// <param name="versions">By version.</param>
    public static IReadOnlyList<ServedModel> InOrder(IReadOnlyList<ServedModel> versions)
    {
        string? first = null;
        var ranked = new List<(ServedModel Model, bool MayAnswer)>();
        foreach (var model in versions)
        {
            var labels = LabelsOf(model.Folder);
            var mayAnswer = model.IsEnsemble || first is null || (labels is not null && labels == first);
            first ??= labels;
            ranked.Add((model, mayAnswer));
        }

        return [.. ranked.OrderByDescending(one => one.MayAnswer).ThenByDescending(one => one.Model.Version).Select(one => one.Model)];
    }

    /// <summary>Digest of the labels that a bundle has; null if it has none that can be read.</summary>
    private static string? LabelsOf(string folder)
    {
        try
        {
            return GivenFields.Read(folder).Labels is { } labels ? Digest(labels) : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
