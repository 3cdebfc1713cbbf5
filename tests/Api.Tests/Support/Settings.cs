using System.Security.Cryptography;
using System.Text;

namespace Saccade.Api.Tests.Support;

/// <summary>Settings for tests about who may do what.</summary>
internal static class Settings
{
    /// <summary>The same, with <see cref="Service.AdminKey"/>.</summary>
    public static Dictionary<string, string?> WithAdmin(this Dictionary<string, string?> settings) =>
        new(settings) { ["Admin:Key"] = Service.AdminKey };

    /// <summary>Keys among the settings, as an operator would list them.</summary>
    public static Dictionary<string, string?> Keys(params (string Name, string Key, string Role)[] keys) =>
        keys.SelectMany(
                (key, index) =>
                    new Dictionary<string, string?>
                    {
                        [$"Keys:List:{index}:Name"] = key.Name,
                        [$"Keys:List:{index}:Sha256"] = Sha256(key.Key),
                        [$"Keys:List:{index}:Role"] = key.Role,
                    }
            )
            .ToDictionary();

    /// <summary>What <c>sha256sum</c> says of a key.</summary>
    public static string Sha256(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
