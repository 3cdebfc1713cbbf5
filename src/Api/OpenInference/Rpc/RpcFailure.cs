using Grpc.Core;
using Saccade.Api.Errors;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>Ends a call with a refusal.</summary>
internal static class RpcFailure
{
    /// <summary>What is thrown stops the method, and <see cref="RpcOutcome"/> answers with the refusal.</summary>
    public static RpcException Of(Refusal refusal, HttpContext context)
    {
        context.Features.Set(refusal);
        return new RpcException(new Status(RpcFailureFormat.StatusOf(refusal.Response), refusal.Detail));
    }
}
