using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Saccade.Api.Tests.Support;

/// <summary>Request bodies, and responses as JSON.</summary>
internal static class Payload
{
    public static byte[] RedPng { get; } = TestModels.Image(255, 0, 0);

    public static MultipartFormDataContent Form(params (string Name, string? FileName, byte[] Bytes)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, fileName, bytes) in parts)
        {
            if (fileName is null)
                form.Add(new ByteArrayContent(bytes), name);
            else
                form.Add(new ByteArrayContent(bytes), name, fileName);
        }

        return form;
    }

    public static MultipartFormDataContent Form(params byte[][] images) =>
        Form([.. images.Select((bytes, index) => ("image", (string?)$"{index}.png", bytes))]);

    public static ByteArrayContent Raw(byte[] bytes, string contentType = "image/png")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    public static JsonContent Base64(byte[] bytes) =>
        JsonContent.Create(new Dictionary<string, string> { ["image"] = Convert.ToBase64String(bytes) });

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync().Guarded());
        return document.RootElement.Clone();
    }

    public static async Task<string> CodeAsync(this HttpResponseMessage response) =>
        (await response.JsonAsync()).GetProperty("code").GetString()!;

    public static string TopLabel(this JsonElement answer) => answer.GetProperty("predictions")[0].GetProperty("label").GetString()!;

    public static string[] Names(this JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
