using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>A served ensemble. Its state is that of its members, which may be loaded, exchanged and unloaded meanwhile.</summary>
/// <remarks>Members are models, never ensembles: nothing can contain itself, by however many steps.</remarks>
internal sealed class Ensemble
{
    private readonly string _name;
    private readonly EnsembleDefinition _definition;
    private readonly ModelCatalog _catalog;
    private volatile Verdict _verdict = new([], Contradiction: null);

    /// <summary>Serves a definition.</summary>
    /// <param name="model">The version it was read from.</param>
    /// <param name="definition">Sound.</param>
    /// <param name="whenMissing">What becomes of a request when a member cannot answer, if the definition does not say.</param>
    /// <param name="catalog">Where the members are.</param>
    public Ensemble(ServedModel model, EnsembleDefinition definition, WhenMissing whenMissing, ModelCatalog catalog)
    {
        (_name, _definition, _catalog) = (model.Name, definition, catalog);
        var names = definition.MemberNames;
        Members = new MemberSet(
            model.Name,
            model.VersionText,
            [.. definition.Members.Select((member, index) => new ServingMember(names[index], member.Weight, Query(member)))],
            definition.EarlyExit ?? EarlyExitPolicy.ForEnsemble(names),
            definition.WhenMissing ?? whenMissing
        )
        {
            LoadId = Guid.NewGuid(),
            IsEnsemble = true,
        };
    }

    /// <summary>Who is asked.</summary>
    public MemberSet Members { get; }

    /// <summary>Where it is in its life.</summary>
    public ModelState State
    {
        get
        {
            if (Contradiction is not null)
                return ModelState.Failed;
            ModelState[] states = [.. _definition.Members.Select(StateOf)];
            if (Array.TrueForAll(states, state => state == ModelState.Ready))
                return ModelState.Ready;
            var serving = states.Count(state => state is ModelState.Ready or ModelState.Degraded);
            if (serving == states.Length || (serving > 0 && Members.WhenMissing == WhenMissing.Answer))
                return ModelState.Degraded;
            return Array.Exists(states, state => state == ModelState.Loading) ? ModelState.Loading : ModelState.Failed;
        }
    }

    /// <summary>Whether it can answer now.</summary>
    public bool IsServing => State is ModelState.Ready or ModelState.Degraded;

    /// <summary>Why it, or one of its members, is not served; null while all is well.</summary>
    public string? Error =>
        Contradiction
        ?? (State == ModelState.Loading ? null : _definition.Members.Select(Missing).FirstOrDefault(reason => reason is not null));

    /// <summary>Whether it can't answer before its own files or a member's are others.</summary>
    public bool IsBroken =>
        Contradiction is not null
        || (
            State == ModelState.Failed
            && _definition.Members.Select(Find).All(member => member is null or { IsServing: true } or { IsBroken: true })
        );

    /// <summary>Digest of the members' labels; null until a member is loaded.</summary>
    public string? LabelsDigest =>
        _definition.Members.Select(member => Find(member)?.Runtime?.LabelsDigest).FirstOrDefault(digest => digest is not null);

    /// <summary>What can't be, whatever state the members are in; null if all fits.</summary>
    public string? Contradiction => _definition.Members.Select(Nesting).FirstOrDefault(reason => reason is not null) ?? Disagreement();

    /// <summary>A snapshot for operators.</summary>
    public EnsembleStatus Status =>
        new(
            [
                .. _definition
                    .Members.Zip(Members.Members)
                    .Select(pair => new MemberStatus(
                        pair.Second.Name,
                        Find(pair.First)?.Runtime?.Version,
                        pair.First.Weight,
                        StateOf(pair.First)
                    )),
            ],
            Members.WhenMissing,
            Manifests.FirstOrDefault()?.Labels,
            CommonCropModes,
            Members.EarlyExit,
            _definition.Accuracy
        );

    private IEnumerable<ModelManifest> Manifests =>
        _definition.Members.Select(member => Find(member)?.Runtime?.Manifest).OfType<ModelManifest>();

    private IReadOnlyList<CropMode> CommonCropModes =>
        Manifests.Select(manifest => CropPlans.Of(manifest)).ToArray() is [var first, .. var others]
            ? [.. first.Where(mode => Array.TrueForAll(others, modes => modes.Contains(mode)))]
            : CropPlans.Always;

    private ServedModel? Find(EnsembleMember member) => _catalog.Find(Query(member));

    private static ModelQuery Query(EnsembleMember member) => new(member.Model, member.Version, NetworksOnly: true);

    private ModelState StateOf(EnsembleMember member) => Find(member)?.State ?? ModelState.Failed;

    private string? Nesting(EnsembleMember member)
    {
        if (Find(member) is not null || !_catalog.IsEnsemble(member.Model, member.Version))
            return null;
        return member.Model == _name
            ? $"Member '{member.Model}' is the ensemble itself."
            : $"Member '{member.Model}' is an ensemble; an ensemble is made of models.";
    }

    /// <summary>Compared again only when a member was exchanged: there may be a thousand labels, and every request asks.</summary>
    private string? Disagreement()
    {
        ModelManifest[] manifests = [.. Manifests];
        if (!_verdict.Manifests.SequenceEqual(manifests, ReferenceEqualityComparer.Instance))
        {
            var different = Array.Exists(
                manifests,
                manifest => !manifest.Labels.SequenceEqual(manifests[0].Labels, StringComparer.Ordinal)
            );
            // Of two labels one number or two may be given.
            var uneven = _definition.Members.Select(member => Find(member)?.Runtime?.Layout.Classes).OfType<int>().Distinct().Count() > 1;
            var mixed = Array.Exists(manifests, manifest => manifest.Threshold != manifests[0].Threshold);
            _verdict = new(
                manifests,
                different ? "The members do not have the same labels in the same order."
                    : uneven ? "The members do not give the same number of values: of two labels one gives one, another two."
                    : mixed ? "The members do not decide alike: each needs the same threshold, or none of them has one."
                    : null
            );
        }

        return _verdict.Contradiction;
    }

    private string? Missing(EnsembleMember member)
    {
        var label = member.Version is null ? member.Model : $"{member.Model}/{member.Version}";
        return Find(member) switch
        {
            null => $"There is no model '{label}'.",
            { IsServing: false } model => $"Member '{label}' is not served{(model.Error is { } why ? $": {why}" : ".")}",
            _ => null,
        };
    }

    private sealed record Verdict(ModelManifest[] Manifests, string? Contradiction);
}
