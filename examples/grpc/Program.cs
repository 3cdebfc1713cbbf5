using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Saccade.Api.OpenInference.Rpc;

using var channel = GrpcChannel.ForAddress(args.ElementAtOrDefault(1) ?? "http://localhost:8081");
var service = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
var image = new ModelInferRequest.Types.InferInputTensor
{
    Name = "image",
    Datatype = "BYTES",
    Shape = { 1 },
    Contents = new InferTensorContents { BytesContents = { ByteString.CopyFrom(File.ReadAllBytes(args[0])) } },
};

// The three best classes, each as a text: probability:index:label.
var best = new ModelInferRequest.Types.InferRequestedOutputTensor
{
    Name = "probabilities",
    Parameters = { ["classification"] = new InferParameter { Int64Param = 3 } },
};
try
{
    var request = new ModelInferRequest
    {
        ModelName = args.ElementAtOrDefault(2) ?? "cifar10-googlenet",
        Inputs = { image },
        Outputs = { best },
    };
    var answer = await service.ModelInferAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
    foreach (var prediction in answer.Outputs[0].Contents.BytesContents)
        Console.WriteLine(prediction.ToStringUtf8());
    return 0;
}
catch (RpcException refused)
{
    Console.Error.WriteLine($"{refused.Trailers.GetValue("x-error-code")}: {refused.Status.Detail}");
    return 1;
}
