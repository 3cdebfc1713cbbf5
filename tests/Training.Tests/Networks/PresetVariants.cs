using Saccade.Training.Networks;
using Xunit;

namespace Saccade.Training.Tests.Networks;

/// <summary>Every preset with every variant, for theories.</summary>
internal static class PresetVariants
{
    internal static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (var preset in Architectures.All)
            {
                foreach (var variant in preset.Variants)
                    data.Add(preset.Name, variant.Name);
            }

            return data;
        }
    }
}
