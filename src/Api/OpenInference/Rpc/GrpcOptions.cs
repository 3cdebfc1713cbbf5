using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>Where gRPC is served without TLS (section <c>Grpc</c>).</summary>
internal sealed class GrpcOptions
{
    public const string Section = "Grpc";

    /// <summary>Port for HTTP/2 without TLS, on the interfaces that HTTP is served on.</summary>
    /// <value>None: a port nobody asked for would keep a second service from starting beside the first. The images set it.</value>
    [Range(1, ushort.MaxValue)]
    public int? Port { get; set; }
}
