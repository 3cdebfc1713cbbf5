using Saccade.Api.Configuration;

namespace Saccade.Api.Startup;

/// <summary>The addresses to listen on must be addresses; the server would tell, but with a stack trace.</summary>
internal sealed class AddressCheck(IConfiguration configuration) : IStartupCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes() =>
        [
            .. (configuration["urls"] ?? "")
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(address => !IsAddress(address))
                .Select(address => $"urls has '{address}', which is not an address such as http://localhost:8080."),
        ];

    private static bool IsAddress(string address)
    {
        try
        {
            return BindingAddress.Parse(address).Port >= 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
