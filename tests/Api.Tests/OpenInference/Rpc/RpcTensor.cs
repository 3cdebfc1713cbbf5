using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Saccade.Api.OpenInference.Rpc;

namespace Saccade.Api.Tests.OpenInference.Rpc;

/// <summary>Messages for the fixture <c>colors</c>, and what its answers hold.</summary>
internal static class RpcTensor
{
    /// <summary>A request with its elements as bytes.</summary>
    public static ModelInferRequest Raw(params float[][] rows)
    {
        var request = Head(rows.Length);
        request.RawInputContents.Add(ByteString.CopyFrom(Tensor.Bytes(rows)));
        return request;
    }

    /// <summary>The same with its elements in the list for their type.</summary>
    public static ModelInferRequest Typed(params float[][] rows)
    {
        var request = Head(rows.Length);
        request.Inputs[0].Contents = new() { Fp32Contents = { rows.SelectMany(row => row) } };
        return request;
    }

    public static ModelInferRequest Head(int rows) =>
        new()
        {
            ModelName = "colors",
            Inputs =
            {
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = "input",
                    Datatype = "FP32",
                    Shape = { rows, 3, 8, 8 },
                },
            },
        };

    public static float[] RawNumbers(this ModelInferResponse answer) =>
        MemoryMarshal.Cast<byte, float>(Assert.Single(answer.RawOutputContents).Span).ToArray();

    /// <summary>Waits for a call to be refused.</summary>
    public static async Task<RpcException> RefusedAsync(this Task call, StatusCode status, string code)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.Guarded());
        Assert.Equal((status, code), (refusal.StatusCode, refusal.Trailers.GetValue("x-error-code")));
        Assert.NotEmpty(refusal.Status.Detail);
        Assert.NotEmpty(refusal.Trailers.GetValue("x-request-id")!);
        return refusal;
    }
}
