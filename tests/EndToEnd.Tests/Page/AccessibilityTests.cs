using System.Text.Json;
using OpenQA.Selenium;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Page;

/// <summary>The page for those who do not see it well, use no mouse, or have a small screen.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class AccessibilityTests(PublishedService published)
{
    // WCAG 2.2, 1.4.3: 4.5 for text, 3 for large text. The lowest ratio of all text that is shown, and what it is of.
    private const string LowestContrast = """
        (() => {
          const part = value => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
          const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
          const colour = text => text.match(/[\d.]+/g).map(Number);
          const behind = element => {
            for (; element; element = element.parentElement) {
              const found = colour(getComputedStyle(element).backgroundColor);
              if (found.length === 3 || found[3] === 1) return found;
            }
            return [255, 255, 255];
          };
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let lowest = { ratio: 21 };
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.data.trim() || element.closest('svg, :disabled')) continue;
            if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
            const style = getComputedStyle(element);
            const [a, b] = [light(colour(style.color)), light(behind(element))];
            const needed = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
            const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05) / needed * 4.5;
            if (ratio < lowest.ratio) lowest = { ratio, text: texts.currentNode.data };
          }
          return lowest;
        })()
        """;

    private static readonly string[] Order =
    [
        "API",
        "Models",
        "Metrics",
        "Health",
        "file",
        "camera",
        "address",
        "Fetch",
        "Sample: Ankle boot",
        "Sample: Bag",
        "Sample: Coat",
        "Sample: Dress",
        "Sample: Pullover",
        "Sample: Sandal",
        "Sample: Shirt",
        "Sample: Sneaker",
        "Sample: T-shirt/top",
        "Sample: Trouser",
        "model",
        "crops",
        "top",
    ];

    private static readonly string[] Controls =
    [
        "button",
        "checkbox",
        "combobox",
        "link",
        "radio",
        "spinbutton",
        "image",
        "form",
        "region",
    ];

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Tree_EveryControl_HasAName()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);
        browser.Choose(Samples.All[0]);
        await browser.AnsweredAsync();

        JsonElement[] nodes =
        [
            .. browser
                .Command("Accessibility.getFullAXTree", [])
                .GetProperty("nodes")
                .EnumerateArray()
                .Where(node => !node.GetProperty("ignored").GetBoolean() && Controls.Contains(Value(node, "role"))),
        ];

        Assert.True(nodes.Length > 12, $"{nodes.Length} controls");
        Assert.All(nodes, node => Assert.NotEmpty(Value(node, "name")));
    }

    [ToolTheory(Browser.Program, Browser.Driver)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contrast_OfAllText_IsEnough(bool dark)
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address, dark);
        var empty = browser.Evaluate(LowestContrast);
        browser.Choose(Samples.All[0]);
        await browser.AnsweredAsync();
        var answered = browser.Evaluate(LowestContrast);

        Assert.All([empty, answered], lowest => Assert.True(lowest.GetProperty("ratio").GetDouble() >= 4.5, $"{lowest}"));
    }

    [ToolTheory(Browser.Program, Browser.Driver)]
    [InlineData(340)]
    [InlineData(1280)]
    public async Task Width_OfAPhoneOrADesk_NothingIsCutOff(int width)
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address, width: width);
        browser.Type("#crops input[value='144']", " ");
        browser.Choose(Samples.All[0]);
        await browser.AnsweredAsync();
        browser.Click("#code summary");

        Assert.InRange(browser.Evaluate("document.documentElement.scrollWidth").GetInt32(), 1, width);
    }

    [ToolFact(Browser.Program, Browser.Driver)]
    public async Task Tab_FromTheTop_ReachesEveryControlInOrder()
    {
        var service = await published.SharedReadyAsync();
        using var browser = await Browser.OpenAsync(service.Address);

        var reached = new List<string>();
        for (var press = 0; press < Order.Length; press++)
        {
            browser.Press(Keys.Tab);
            reached.Add(
                browser
                    .Evaluate("(e => e.id || e.name || e.textContent.trim() || e.querySelector('img').alt)(document.activeElement)")
                    .GetString()!
            );
        }

        Assert.Equal(Order, reached);
    }

    /// <summary>The rules of axe-core, those of good practice included.</summary>
    [NpmBrowserTheory(Browser.Program, Browser.Driver, "axe-core")]
    [InlineData(false, 1280)]
    [InlineData(true, 1280)]
    [InlineData(false, 380)]
    [InlineData(true, 380)]
    public async Task Axe_EveryState_FindsNothing(bool dark, int width)
    {
        var service = await published.SharedReadyAsync();
        using var folder = new TemporaryFolder();
        var broken = folder.PathOf("broken.png");
        await File.WriteAllBytesAsync(broken, Samples.One[..^100]);
        using var browser = await Browser.OpenAsync(service.Address, dark, width, "#model=fashion-ensemble");
        browser.Do(await File.ReadAllTextAsync(NpmPackages.PathOf("axe-core", "axe.min.js")));

        var found = new List<string>(browser.AxeViolations("empty"));
        browser.Choose(Samples.All[0]);
        await browser.AnsweredAsync();
        browser.Click("#members summary");
        await browser.SeesAsync("#member-answers section:last-child li");
        browser.Click("#code summary");
        found.AddRange(browser.AxeViolations("answer of an ensemble"));
        browser.Choose([.. Samples.All.Take(5), broken]);
        await browser.SeesAsync("#gallery .wrong");
        found.AddRange(browser.AxeViolations("several images"));
        browser.Click("#gallery li:last-child button");
        await browser.SeesAsync("#refusal");
        found.AddRange(browser.AxeViolations("refusal"));
        browser.Click("#camera");
        await browser.SeesAsync("#viewfinder");
        found.AddRange(browser.AxeViolations("camera"));

        Assert.Empty(found);
    }

    private static string Value(JsonElement node, string property) =>
        node.TryGetProperty(property, out var found) && found.TryGetProperty("value", out var value) ? $"{value}" : "";
}
