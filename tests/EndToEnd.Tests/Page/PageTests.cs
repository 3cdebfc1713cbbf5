using System.Net.Http.Headers;
using System.Text.Json;
using OpenQA.Selenium;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Page;

/// <summary>What a reader does at <c>/</c>, in a real browser before the real service.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class PageTests(PublishedService published)
{
    private static readonly string Boot = Samples.All.Single(path => path.EndsWith("ankle-boot-1.png", StringComparison.Ordinal));

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_Image_ShowsLabelsTimesAndWhoAnswered()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);

        browser.Choose(Boot);
        var id = await browser.AnsweredAsync();

        Assert.StartsWith("Ankle boot, ", browser.Text("#verdict"), StringComparison.Ordinal);
        Assert.Equal(5, browser.Texts("#predictions li").Count);
        Assert.Equal(["Decode", "Resize, crop", "Queue", "Network", "Read, answer"], browser.Texts("#stages dt"));
        Assert.All(browser.Texts("#stages dd"), time => Assert.Matches(@"^\d+\.\d+ ms$", time));
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal("fashion, version 1", browser.Facts["Model"]);
        Assert.Equal("fashion (1 crop)", browser.Facts["Members"]);
        Assert.Empty(browser.Complaints);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Change_QuestionByKeyboard_AsksAgainAndDrawsTheCropsOfTheAnswer()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);
        browser.Choose(Boot);
        var one = await browser.AnsweredAsync();

        browser.Type("#crops input[value='10']", " ");
        var ten = await browser.AnsweredAsync(one);
        browser.Type("#crops input[value='10']", Keys.ArrowRight);
        var twelve = await browser.AnsweredAsync(ten);
        browser.Type("#top", $"{Keys.End}{Keys.Backspace}3{Keys.Tab}");
        await browser.AnsweredAsync(twelve);

        Assert.Equal("12", browser.Facts["Crops"]);
        Assert.Equal(3, browser.Texts("#predictions li").Count);
        var places = await PlacesAsync(service.Address);
        Assert.EndsWith($"12 crops at {places.Length} places", browser.Text("#caption"), StringComparison.Ordinal);
        Assert.Equal(places, Drawn(browser));
        Assert.Empty(browser.Complaints);
    }

    /// <summary>A padded plan reaches beyond the image; the frame makes room, so that no rectangle lies over the words below.</summary>
    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_PlanThatReachesBeyondTheImage_IsDrawnWithinTheFrame()
    {
        await using var service = await published.StartReadyAsync(
            ("Cropping__Plans__6__Scales__0", "224"),
            ("Cropping__Plans__6__Views", "3"),
            ("Cropping__Plans__6__Padding", "28")
        );
        using var browser = await Browser.OpenAsync(service.Address, choices: "#crops=6");
        browser.Choose(Boot);
        await browser.AnsweredAsync();

        Assert.Equal("6", browser.Facts["Crops"]);
        Assert.Equal(3, Drawn(browser).Length);
        Assert.Equal("-4 -4 36 36", browser.Evaluate("document.getElementById('windows').getAttribute('viewBox')").GetString());
        Assert.Equal(
            [],
            browser
                .Evaluate(
                    "(frame => [...document.querySelectorAll('#windows .line')].map(line => line.getBoundingClientRect()).filter(line => "
                        + "line.left < frame.left - 2 || line.top < frame.top - 2 || line.right > frame.right + 2 || line.bottom > "
                        + "frame.bottom + 2))(document.getElementById('frame').getBoundingClientRect())"
                )
                .EnumerateArray()
        );
        Assert.Equal(
            4.0 / 36,
            browser
                .Evaluate("(image => parseFloat(getComputedStyle(image).paddingTop) / image.clientWidth)(document.getElementById('image'))")
                .GetDouble(),
            0.01
        );
        Assert.Empty(browser.Complaints);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Auto_Image_SaysWhyItStopped()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);

        browser.Type("#crops input[value='auto']", " ");
        browser.Choose(Boot);
        await browser.AnsweredAsync();

        Assert.EndsWith(", as many as it took", browser.Facts["Crops"], StringComparison.Ordinal);
        Assert.Contains(browser.Facts["Stopped because"], (string[])["confident enough", "every round was run"]);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task DropAndPaste_Image_AreAnswered()
    {
        const string give = """
            const bytes = Uint8Array.from(atob(arguments[1]), character => character.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], 'given.png', { type: 'image/png' }));
            const event = arguments[0] === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
            document.getElementById('stage').dispatchEvent(event);
            """;
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);
        var image = Convert.ToBase64String(await File.ReadAllBytesAsync(Boot));

        browser.Do(give, "drop", image);
        var dropped = await browser.AnsweredAsync();
        browser.Do(give, "paste", image);
        await browser.AnsweredAsync(dropped);

        Assert.StartsWith("Ankle boot, ", browser.Text("#verdict"), StringComparison.Ordinal);
        Assert.StartsWith("given.png, 28 × 28", browser.Text("#caption"), StringComparison.Ordinal);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Load_Page_AsksNothingOfAnybodyElse()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);
        browser.Choose(Boot);
        await browser.AnsweredAsync();

        string[] asked =
        [
            .. browser
                .Evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
                .EnumerateArray()
                .Select(name => name.GetString()!),
        ];

        Assert.Contains(asked, name => name.Contains("/classify?", StringComparison.Ordinal));
        Assert.All(
            asked,
            name =>
                Assert.StartsWith(
                    service.Address.AbsoluteUri,
                    name.Replace("blob:", "", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
    }

    // The rectangles that the service reports, each once, as the page should draw them.
    private static async Task<string[]> PlacesAsync(Uri service)
    {
        using var client = new HttpClient { BaseAddress = service };
        using var image = new ByteArrayContent(await File.ReadAllBytesAsync(Boot));
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var answer = await client.PostAsync(new Uri("/classify?crops=12&explain=crops", UriKind.Relative), image);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return
        [
            .. body
                .RootElement.GetProperty("crops")
                .GetProperty("windows")
                .EnumerateArray()
                .Select(window => string.Join(' ', Sides.Select(side => window.GetProperty(side).GetRawText())))
                .Distinct(),
        ];
    }

    private static readonly string[] Sides = ["x", "y", "width", "height"];

    private static string[] Drawn(Browser browser) =>
        [
            .. browser
                .Evaluate(
                    "[...document.querySelectorAll('#windows .line')].map(r => ['x','y','width','height'].map(n => "
                        + "r.getAttribute(n)).join(' '))"
                )
                .EnumerateArray()
                .Select(rectangle => rectangle.GetString()!),
        ];
}
