using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Bench.NaivePeer;
using Saccade.Inference.Decoding;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();

using var classifier = new Classifier(
    Environment.GetEnvironmentVariable("MODEL")!,
    side: Setting("SIZE", 224),
    shorterSide: Setting("RESIZE", 256),
    threads: Setting("INTRA", 0),
    new ImageDecoder(Options.Create(new DecodingOptions()), NullLogger<ImageDecoder>.Instance)
);

app.MapGet("/health", () => "ok");
app.MapPost(
    "/classify",
    async (HttpRequest request) =>
    {
        using var image = new MemoryStream();
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync();
            if (form.Files["image"] is not { } file)
                return Results.BadRequest(new { error = "There is no part called image." });
            await file.CopyToAsync(image);
        }
        else
        {
            await request.Body.CopyToAsync(image);
        }

        return classifier.Classify(image.ToArray()) is { } top
            ? Results.Json(new { top })
            : Results.BadRequest(new { error = "The image does not decode." });
    }
);
await app.RunAsync($"http://127.0.0.1:{Setting("PORT", 8101)}");

static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
