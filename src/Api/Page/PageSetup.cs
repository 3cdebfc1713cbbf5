using Saccade.Api.Requests;

namespace Saccade.Api.Page;

/// <summary><c>/</c>: a page to drop an image on and see predictions, crops and timings. It asks the service as any other client
/// would.</summary>
internal static class PageSetup
{
    private const string Script = "text/javascript; charset=utf-8";

    private static readonly Dictionary<string, PageFile> Files = new(StringComparer.Ordinal)
    {
        ["page.css"] = PageFile.Load("page.css", "text/css; charset=utf-8"),
        ["page.js"] = PageFile.Load("page.js", Script),
        ["service.js"] = PageFile.Load("service.js", Script),
        ["picture.js"] = PageFile.Load("picture.js", Script),
        ["answer.js"] = PageFile.Load("answer.js", Script),
        ["eye.svg"] = PageFile.Load("eye.svg", "image/svg+xml"),
    };

    public static void MapPage(this WebApplication app)
    {
        app.MapRead("/", PageFile.Load("index.html", "text/html; charset=utf-8").Respond);
        app.MapRead(
            "/page/{file}",
            static (string file, HttpContext context) =>
                Files.TryGetValue(file, out var found) ? found.Respond(context) : TypedResults.NotFound()
        );
    }
}
