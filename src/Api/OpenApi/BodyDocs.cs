using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Saccade.Api.Bodies;

namespace Saccade.Api.OpenApi;

/// <summary>Documents the forms in which images are sent.</summary>
internal static class BodyDocs
{
    public static OpenApiRequestBody OneImage() =>
        new()
        {
            Required = true,
            Description = "One image (JPEG, PNG or WebP): as a form's file, as the body itself, or as base64 in JSON.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["multipart/form-data"] = new OpenApiMediaType { Schema = Form(File()) },
                ["image/*"] = new OpenApiMediaType { Schema = File() },
                ["application/octet-stream"] = new OpenApiMediaType { Schema = File() },
                ["application/json"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { JsonImage.MemberName },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            [JsonImage.MemberName] = new OpenApiSchema
                            {
                                Type = JsonSchemaType.String,
                                Format = "byte",
                                Description = "The image file in base64 with padding, without a data-URL prefix.",
                            },
                        },
                    },
                    Example = new JsonObject { [JsonImage.MemberName] = OnePixelPng },
                },
            },
        };

    public static OpenApiRequestBody SeveralImages(int most) =>
        new()
        {
            Required = true,
            Description = $"1 to {most} images (JPEG, PNG or WebP), each in a part named `{MultipartImages.PartName}`.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["multipart/form-data"] = new OpenApiMediaType
                {
                    Schema = Form(
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Array,
                            MinItems = 1,
                            MaxItems = most,
                            Items = File(),
                        }
                    ),
                },
            },
        };

    // A whole PNG, so that the example can be sent as it is.
    private const string OnePixelPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

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
