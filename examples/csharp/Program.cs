using Saccade.Client;

var address = new Uri(args.ElementAtOrDefault(1) ?? "http://localhost:8080");
using var client = new SaccadeClient(new SaccadeClientOptions { Address = address });
try
{
    var options = new ClassifyOptions { TopK = 3, Deadline = TimeSpan.FromSeconds(5) };
    var answer = await client.ClassifyAsync(ImageSource.FromFile(args[0]), options);
    foreach (var prediction in answer.Predictions)
        Console.WriteLine($"{prediction.Label} {prediction.Probability}");
    return 0;
}
catch (SaccadeException refused)
{
    Console.Error.WriteLine($"{refused.Code}: {refused.Message}");
    return 1;
}
