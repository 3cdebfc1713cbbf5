namespace Saccade.Api.Tests.Support;

/// <summary>One service with default settings for all the tests that leave it as it is.</summary>
public sealed class SharedService : IAsyncLifetime
{
    private Service? _service;

    public Service Service => _service ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _service = await Service.StartAsync();

    public async Task DisposeAsync() => await Service.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SharedServiceTests : ICollectionFixture<SharedService>
{
    public const string Name = "shared service";
}
