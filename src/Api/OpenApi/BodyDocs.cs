using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Saccade.Api.Bodies;

namespace Saccade.Api.OpenApi;

/// <summary>Documents the forms in which images are sent.</summary>
internal static class BodyDocs
{
    /// <summary>One image as a form's file.</summary>
    public static OpenApiRequestBody OneImage() =>
        Body("One image (JPEG, PNG or WebP) as a form's file.", "multipart/form-data", Form(File()));

    /// <summary>One image as the body itself.</summary>
    public static OpenApiRequestBody RawImage() => Body("The image file (JPEG, PNG or WebP).", "application/octet-stream", File());

    /// <summary>One image in an object.</summary>
    public static OpenApiRequestBody Base64Image() =>
        Body(
            "The image file (JPEG, PNG or WebP) in base64.",
            "application/json",
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { JsonImage.MemberName },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    [JsonImage.MemberName] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Description = "The image file in base64 with padding, or a data URL of it.",
                    },
                },
            },
            new JsonObject { [JsonImage.MemberName] = OnePixelPng }
        );

    public static OpenApiRequestBody SeveralImages(int most) =>
        Body(
            $"1 to {most} images (JPEG, PNG or WebP), each in a part named `{MultipartImages.PartName}`.",
            "multipart/form-data",
            Form(
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    MinItems = 1,
                    MaxItems = most,
                    Items = File(),
                }
            )
        );

    // A whole PNG, so that the example can be sent as it is.
    private const string OnePixelPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static OpenApiRequestBody Body(string description, string contentType, OpenApiSchema schema, JsonNode? example = null) =>
        new()
        {
            Required = true,
            Description = description,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [contentType] = new OpenApiMediaType { Schema = schema, Example = example },
            },
        };

    private static OpenApiSchema File() =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description = "An image file.",
        };

    private static OpenApiSchema Form(OpenApiSchema image) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { MultipartImages.PartName },
            Properties = new Dictionary<string, IOpenApiSchema> { [MultipartImages.PartName] = image },
        };
}
