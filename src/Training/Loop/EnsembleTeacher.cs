using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>An ensemble as a teacher: it predicts what the service would answer by one crop, the weighted mean of its members'
/// probabilities (GoogLeNet §7).</summary>
public sealed class EnsembleTeacher : ITeacher
{
    private readonly IReadOnlyList<EnsembleTeacherMember> _members;

    /// <summary>Takes members over, which it disposes.</summary>
    /// <param name="members">At least one, all with the run's classes and input.</param>
    public EnsembleTeacher(IReadOnlyList<EnsembleTeacherMember> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        _members = members;
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor pixels)
    {
        using var _ = no_grad();
        var weights = _members.Sum(member => member.Weight);
        // The logarithm of probabilities is one choice of logits that gives them.
        return stack([.. _members.Select(member => Probabilities(member, pixels) * Scale(member.Weight / weights, pixels))])
            .sum([0]) // of a plain 0 C# would make a type of numbers
            .log();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in _members)
            member.Teacher.Dispose();
    }

    private static Tensor Probabilities(EnsembleTeacherMember member, Tensor pixels) =>
        nn.functional.softmax(member.Teacher.Logits(pixels) / Scale(member.Temperature, pixels), 1);

    private static Tensor Scale(double value, Tensor pixels) => tensor((float)value).to(pixels.device);
}

/// <summary>A member of an ensemble that teaches.</summary>
/// <param name="Teacher">What predicts.</param>
/// <param name="Weight">How much its probabilities count beside the others', positive.</param>
/// <param name="Temperature">Its logits are divided by it before the softmax, as the service does.</param>
public sealed record EnsembleTeacherMember(ITeacher Teacher, double Weight, double Temperature);
