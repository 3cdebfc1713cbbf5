using System.Text.Json;
using System.Text.Json.Nodes;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.EndToEnd.Tests.Page;

/// <summary>Samples, several images, the camera, addresses, members, code and links: what the page does beside one file.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class MoreOfThePageTests(PublishedService published)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Samples_OfTheModelsClasses_AreAnsweredWhenClicked()
    {
        using var browser = await OpenAsync();
        Assert.Equal(10, browser.Evaluate("document.querySelectorAll('#samples button').length").GetInt32());

        browser.Click("#samples button:nth-child(2)");
        await browser.AnsweredAsync();

        Assert.StartsWith("Bag, ", browser.Text("#verdict"), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_SeveralImages_EachHasItsAnswerAndOpensWhenClicked()
    {
        using var browser = await OpenAsync();
        using var folder = new TemporaryFolder();
        var broken = folder.PathOf("broken.png");
        await File.WriteAllBytesAsync(broken, Samples.One[..^100]);

        browser.Choose([.. Samples.All.Take(3), broken]);
        await ShowsAsync(browser, () => browser.Texts("#gallery span").Count(text => text != "…") == 4);

        Assert.Empty(browser.Texts("#figure, #answer"));
        Assert.Equal("The image does not decode", browser.Texts("#gallery span")[3]);
        Assert.StartsWith("Ankle boot, ", browser.Texts("#gallery span")[0], StringComparison.Ordinal);
        browser.Click("#gallery li:nth-child(2) button");
        await browser.AnsweredAsync();
        Assert.StartsWith(Path.GetFileName(Samples.All[1]), browser.Text("#caption"), StringComparison.Ordinal);
        Assert.Equal(4, browser.Texts("#gallery span").Count);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Change_ModelWhileSeveralImagesAreShown_AsksAboutAllAgain()
    {
        using var browser = await OpenAsync();
        browser.Choose(Samples.All.Take(2));
        await ShowsAsync(browser, () => browser.Texts("#gallery span").Count(text => text != "…") == 2);

        browser.Do(
            "const model = document.getElementById('model'); model.value = '[\"fashion-xception\"]';"
                + "model.dispatchEvent(new Event('change', { bubbles: true }));"
        );

        await ShowsAsync(
            browser,
            () =>
                browser
                    .Evaluate(
                        "performance.getEntriesByType('resource')"
                            + ".filter(({ name }) => name.includes('/classify/batch?model=fashion-xception')).length"
                    )
                    .GetInt32() == 1
                && browser.Texts("#gallery span").Count(text => text != "…") == 2
        );
        Assert.Empty(browser.Complaints);
    }

    /// <summary>A model whose labels do not exclude each other: an image may have several, or none.</summary>
    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Choose_ImagesOfAModelWithSeveralLabels_ShowsThoseThatReachTheThreshold()
    {
        using var folder = new TemporaryFolder();
        WriteMultiLabelModel(folder.PathOf("colors/1"));
        string[] images = [folder.PathOf("yellow.png"), folder.PathOf("black.png")];
        Paint(images[0], new(255, 255, 0));
        Paint(images[1], new(0, 0, 0));
        await using var service = await published.StartReadyAsync(("Models__Path", folder.Root));
        using var browser = await Browser.OpenAsync(service.Address);

        browser.Choose(images);
        await ShowsAsync(browser, () => browser.Texts("#gallery span") is ["red, green", "No label reaches the threshold"]);
        browser.Click("#gallery li:first-child button");
        await browser.AnsweredAsync();

        Assert.Equal("red, green", browser.Text("#verdict"));
        Assert.Equal(["✓ 100.0 %", "✓ 100.0 %", "50.0 %"], browser.Texts("#predictions .value"));
        Assert.Contains("selected from 90 % on", browser.Text("#about"), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Camera_TheReaderTakesAnImage_ItIsAnswered()
    {
        using var browser = await OpenAsync();

        browser.Click("#camera");
        await ShowsAsync(browser, () => browser.Evaluate("document.getElementById('video').videoWidth").GetInt32() > 0);
        browser.Click("#shoot");
        await browser.AnsweredAsync();

        Assert.StartsWith("camera.jpg, ", browser.Text("#caption"), StringComparison.Ordinal);
        Assert.Empty(browser.Texts("#viewfinder"));
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Address_OfAnImage_IsFetchedByTheBrowser()
    {
        using var browser = await OpenAsync();

        browser.Type("#address", $"data:image/png;base64,{Convert.ToBase64String(Samples.One)}\n");
        await browser.AnsweredAsync();
        Assert.StartsWith("Ankle boot, ", browser.Text("#verdict"), StringComparison.Ordinal);

        browser.Do("document.getElementById('address').value = 'http://127.0.0.1:9/cat.jpg'");
        browser.Type("#address", "\n");
        await ShowsAsync(browser, () => browser.Texts("#refusal-title") is ["The image cannot be fetched"]);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Members_OfAnEnsemble_StandSideBySide()
    {
        using var browser = await OpenAsync("#model=fashion-ensemble");
        browser.Choose(Samples.All[0]);
        await browser.AnsweredAsync();

        browser.Click("#members summary");
        await ShowsAsync(browser, () => browser.Texts("#member-answers li").Count == 12);

        Assert.Equal(["fashion", "fashion-googlenet", "fashion-inception-v3", "fashion-xception"], browser.Texts("#member-answers h2"));
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Code_OfTheRequest_IsThereInFourLanguagesAndCurlRuns()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await OpenAsync();
        browser.Type("#crops input[value='10']", " ");
        browser.Choose(Samples.All[0]);
        await browser.AnsweredAsync();
        browser.Click("#code summary");

        var curl = browser.Text("#snippet");
        var codes = new List<string>();
        foreach (var language in (string[])["Python", "JavaScript", "C#"])
        {
            browser.Type($"#languages input[value='{language}']", " ");
            codes.Add(browser.Text("#snippet"));
        }

        var (exit, output) = await ChildProcess.RunAsync(
            "bash",
            ["-c", $"{curl} --silent --show-error"],
            Patience,
            Path.GetDirectoryName(Samples.All[0])
        );
        Assert.True(exit == 0, output);
        var answer = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal("10", answer.GetProperty("crops").GetProperty("requested").GetString());
        Assert.Equal("Ankle boot", answer.GetProperty("predictions")[0].GetProperty("label").GetString());
        Assert.All(codes, code => Assert.Contains(service.Address.Authority, code, StringComparison.Ordinal));
        Assert.All(codes, code => Assert.Contains("ankle-boot-1.png", code, StringComparison.Ordinal));
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Link_WithChoices_RestoresThem()
    {
        string link;
        using (var browser = await OpenAsync())
        {
            browser.Type("#crops input[value='10']", " ");
            browser.Type("#top", $"{OpenQA.Selenium.Keys.End}{OpenQA.Selenium.Keys.Backspace}3{OpenQA.Selenium.Keys.Tab}");
            await ShowsAsync(browser, () => Hash(browser).Contains("topK=3", StringComparison.Ordinal));
            link = Hash(browser);
        }

        using var again = await OpenAsync(link);

        Assert.Equal(
            ("10", "3", "Four corners and the centre, each mirrored too; the mean of ten answers."),
            (
                again.Evaluate("document.querySelector('#crops :checked').value").GetString(),
                again.Evaluate("document.getElementById('top').value").GetString(),
                again.Text("#crops-about")
            )
        );
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Load_OfTheService_IsShownAndFollowsTheAnswers()
    {
        using var browser = await OpenAsync();
        await ShowsAsync(browser, () => Rate().EndsWith(" a second", StringComparison.Ordinal));

        await ShowsAsync(
            browser,
            () =>
            {
                browser.Choose(Samples.All[0]);
                return Rate() != "0.0 a second";
            }
        );

        // One script: the list is written anew every two seconds.
        string Rate() => browser.Evaluate("document.querySelector('#load-figures dd')?.textContent ?? ''").GetString()!;
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Answer_OnAPhone_ComesIntoSight()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address, width: 380);

        browser.Choose(Samples.All[0]);
        await browser.AnsweredAsync();

        await ShowsAsync(
            browser,
            () =>
                browser
                    .Evaluate(
                        "(box => box.top >= 0 && box.bottom <= innerHeight)(document.getElementById('verdict').getBoundingClientRect())"
                    )
                    .GetBoolean()
        );
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Key_TheServiceTakesOne_ThePageAsksForIt()
    {
        const string Key = "correct-horse-battery-staple";
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Key)));
        await using var service = await published.StartReadyAsync(("Keys__List__0__Name", "page"), ("Keys__List__0__Sha256", hash));
        using var browser = await Browser.OpenAsync(service.Address);
        browser.Choose(Samples.All[0]);
        await ShowsAsync(browser, () => browser.Texts("#key-field").Count == 1);

        browser.Type("#key", $"{Key}{OpenQA.Selenium.Keys.Tab}");
        await browser.AnsweredAsync();

        Assert.StartsWith("Ankle boot, ", browser.Text("#verdict"), StringComparison.Ordinal);
        browser.Click("#code summary");
        Assert.Contains("-H \"X-Api-Key: $SACCADE_KEY\"", browser.Text("#snippet"), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, browser.Text("#snippet"), StringComparison.Ordinal);
    }

    // What answers with the mean of each colour, as three labels that are decided on their own.
    private static void WriteMultiLabelModel(string folder)
    {
        var source = Checkout.PathOf("tests", "fixtures", "models", "colors", "1");
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(source, "model.onnx"), Path.Combine(folder, "model.onnx"));
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "manifest.json")))!.AsObject();
        (manifest["activation"], manifest["threshold"]) = ("sigmoid", 0.9);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString());
    }

    private static void Paint(string path, Rgb24 colour)
    {
        using var image = new Image<Rgb24>(8, 8, colour);
        image.SaveAsPng(path);
    }

    private async Task<Browser> OpenAsync(string choices = "") =>
        await Browser.OpenAsync((await published.SharedReadyAsync()).Address, choices: choices);

    private static string Hash(Browser browser) => browser.Evaluate("location.hash").GetString()!;

    private static Task ShowsAsync(Browser browser, Func<bool> condition) =>
        Eventually.TrueAsync(
            () => Task.FromResult(condition()),
            Patience,
            () => $"The page says: {string.Join(' ', browser.Texts("main"))}\n{string.Join('\n', browser.Complaints)}"
        );
}
