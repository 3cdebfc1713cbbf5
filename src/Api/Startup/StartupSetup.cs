using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Saccade.Api.Configuration;

namespace Saccade.Api.Startup;

/// <summary>Starts the service only if every check passes.</summary>
internal static class StartupSetup
{
    /// <summary>Exit code of a service that did not start because of how it is set up (EX_CONFIG of sysexits.h).</summary>
    public const int ExitCodeOfMistakes = 78;

    /// <summary>Has the addresses to listen on checked.</summary>
    public static IServiceCollection AddAddressCheck(this IServiceCollection services) =>
        services.AddSingleton<IStartupCheck, AddressCheck>();

    /// <summary>Runs the service until it is stopped; every mistake of set-up goes into one log message instead.</summary>
    /// <param name="app">The service.</param>
    /// <param name="configure">Builds the request pipeline; called only if all checks pass, so it may read options.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunCheckedAsync(this WebApplication app, Action<WebApplication> configure)
    {
        await using (app)
        {
            string[] mistakes = [.. app.Services.GetServices<IStartupCheck>().SelectMany(check => check.Mistakes())];
            try
            {
                if (mistakes.Length == 0)
                {
                    configure(app);
                    await app.StartAsync();
                    await app.WaitForShutdownAsync();
                    return 0;
                }
            }
            catch (Exception exception) when (IsAddressMistake(exception))
            {
                mistakes = [exception.Message];
                // The engine has begun to load models: it must come to an end before the process does.
                await app.StopAsync();
            }

            Log.CannotStart(app.Logger, Describe(mistakes));
            return ExitCodeOfMistakes;
        }
    }

    /// <summary>One message for all <paramref name="mistakes"/>.</summary>
    internal static string Describe(IReadOnlyList<string> mistakes) =>
        mistakes.Count == 1
            ? mistakes[0]
            : $"{mistakes.Count} mistakes{string.Concat(mistakes.Select(mistake => $"{Environment.NewLine}- {mistake}"))}";

    // A port in use or forbidden shows only when the server binds to it.
    private static bool IsAddressMistake(Exception exception) =>
        exception is SocketException || exception.InnerException is SocketException or AddressInUseException;
}
