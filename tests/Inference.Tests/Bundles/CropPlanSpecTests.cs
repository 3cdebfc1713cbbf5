using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;

namespace Saccade.Inference.Tests.Bundles;

public sealed class CropPlanSpecTests
{
    private static readonly CropPlanSpec Sound = new() { Scales = [240, 256] };

    [Fact]
    public void Problems_SoundPlan_None() => Assert.Empty(Problems("24", Sound));

    [Fact]
    public void Problems_EachBadValue_IsNamed()
    {
        Assert.Equal("plans '25' has scales × squares × views × mirror = 24 crops, not 25.", Assert.Single(Problems("25", Sound)));
        Assert.Equal(
            "plans '24' needs scales from 224 to 2240, all different.",
            Assert.Single(Problems("24", Sound with { Scales = [223, 256] }))
        );
        Assert.Equal(
            "plans '24' needs scales from 224 to 2240, all different.",
            Assert.Single(Problems("24", Sound with { Scales = [256, 256] }))
        );
        Assert.Equal("plans '48' needs 1 or 3 squares.", Assert.Single(Problems("48", Sound with { Squares = 2 })));
        Assert.Equal("plans '28' needs 1, 3, 5 or 6 views.", Assert.Single(Problems("28", Sound with { Views = 7 })));
        Assert.Equal("plans '24' needs padding from 0 to 56.", Assert.Single(Problems("24", Sound with { Padding = 57 })));
        Assert.Equal("plans '24' needs padding from 0 to 56.", Assert.Single(Problems("24", Sound with { Padding = -1 })));
        Assert.Contains("scales", Problems("24", Sound with { Scales = [] })[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("auto")]
    [InlineData("024")]
    [InlineData("1001")]
    [InlineData("")]
    public void Problems_NameThatCannotBeAskedFor_IsNamed(string name) =>
        Assert.Equal($"plans '{name}' must be named by its number of crops, 2 to 1000.", Assert.Single(Problems(name, Sound)));

    [Fact]
    public void Read_ManifestWithPlans_KeepsThemAndRefusesBadOnes()
    {
        var manifest = Manifests.Small with
        {
            Preprocessing = Manifests.Small.Preprocessing with { CropPlans = new Dictionary<string, CropPlanSpec> { ["24"] = Sound } },
        };
        var read = ManifestJson.Read(ManifestJson.Write(manifest));
        Assert.Equal(Sound.Scales, read.Preprocessing.CropPlans!["24"].Scales);

        var bad = manifest with
        {
            Preprocessing = manifest.Preprocessing with { CropPlans = new Dictionary<string, CropPlanSpec> { ["23"] = Sound } },
        };
        Assert.Contains(
            "cropPlans '23'",
            Assert.Throws<InvalidDataException>(() => ManifestJson.Read(ManifestJson.Write(bad))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AddTo_PlanThatTheModelHas_StaysTheModels()
    {
        var own = new CropPlanSpec
        {
            Scales = [300],
            Squares = 1,
            Views = 6,
        };
        var options = new CroppingOptions();
        options.Plans["12"] = new() { Scales = [224] };
        options.Plans["24"] = Sound;

        var plans = options
            .AddTo(Manifests.Small.Preprocessing with { CropPlans = new Dictionary<string, CropPlanSpec> { ["12"] = own } })
            .CropPlans!;

        Assert.Equal((own, Sound, 2), (plans["12"], plans["24"], plans.Count));
    }

    private static List<string> Problems(string name, CropPlanSpec plan) =>
        [.. CropPlans.Problems(new Dictionary<string, CropPlanSpec> { [name] = plan }, "plans")];
}
