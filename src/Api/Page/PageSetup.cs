using Saccade.Api.Requests;

namespace Saccade.Api.Page;

/// <summary><c>/</c>: a page to drop an image on and see predictions, crops and timings. It asks the service as any other client
/// would.</summary>
internal static class PageSetup
{
    private static readonly Dictionary<string, PageFile> Files = PageFile.Names.ToDictionary(
        static name => name,
        static name => PageFile.Load(name, TypeOf(name)),
        StringComparer.Ordinal
    );

    public static void MapPage(this WebApplication app)
    {
        app.MapRead("/", Files["index.html"].Respond);
        app.MapRead(
            "/page/{file}",
            static (string file, HttpContext context) =>
                Files.TryGetValue(file, out var found) ? found.Respond(context) : TypedResults.NotFound()
        );
    }

    private static string TypeOf(string name) =>
        Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "image/png",
        };
}
