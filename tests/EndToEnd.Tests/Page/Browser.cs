using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Interactions;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Page;

/// <summary>A real Chromium, without a window, at the service's page.</summary>
public sealed class Browser : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ChromeDriver _driver;

    private Browser(ChromeDriver driver) => _driver = driver;

    /// <summary>What a test needs for this to work.</summary>
    public const string Program = "chromium";

    /// <summary>What drives it.</summary>
    public const string Driver = "chromedriver";

    /// <summary>What the browser complained about so far, such as failed requests and violations of the page's policy.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. _driver.Manage().Logs.GetLog(LogType.Browser).Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Message)];

    /// <summary>Starts it and waits until the page knows the models.</summary>
    /// <param name="service">The service's address.</param>
    /// <param name="dark">Whether the reader likes it dark.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="choices">What stands after the <c>#</c> of the address.</param>
    public static async Task<Browser> OpenAsync(Uri service, bool dark = false, int width = 1280, string choices = "")
    {
        var options = new ChromeOptions { BinaryLocation = Tools.Path(Program) };
        // No sandbox within a sandbox: tests run as root in containers. The only page it ever sees is the one under test.
        options.AddArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        // A moving test pattern in place of a camera.
        options.AddArguments("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        var browser = new Browser(new ChromeDriver(ChromeDriverService.CreateDefaultService(Tools.Path(Driver)), options, Patience));
        try
        {
            browser.Command(
                "Emulation.setDeviceMetricsOverride",
                new()
                {
                    ["width"] = width,
                    ["height"] = 900,
                    ["deviceScaleFactor"] = 1,
                    ["mobile"] = width < 600,
                }
            );
            browser.Command(
                "Emulation.setEmulatedMedia",
                new()
                {
                    ["features"] = new object[]
                    {
                        new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" },
                        new Dictionary<string, object> { ["name"] = "prefers-reduced-motion", ["value"] = "reduce" },
                    },
                }
            );
            await browser._driver.Navigate().GoToUrlAsync($"{service}{choices}");
            await browser.SeesAsync("#crops label");
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>Chooses a file, as through the dialog.</summary>
    public void Choose(string path) => _driver.FindElement(By.Id("file")).SendKeys(path);

    /// <summary>Chooses several files.</summary>
    public void Choose(IEnumerable<string> paths) => Choose(string.Join('\n', paths));

    /// <summary>What the window shows, as PNG.</summary>
    public byte[] Screenshot() => _driver.GetScreenshot().AsByteArray;

    /// <summary>Presses keys while an element has the focus.</summary>
    public void Type(string css, string keys)
    {
        Do("document.querySelector(arguments[0]).focus()", css);
        Press(keys);
    }

    /// <summary>Presses keys wherever the focus is.</summary>
    public void Press(string keys) => new Actions(_driver).SendKeys(keys).Perform();

    /// <summary>Clicks an element.</summary>
    public void Click(string css) => _driver.FindElement(By.CssSelector(css)).Click();

    /// <summary>The text of each visible element.</summary>
    public IReadOnlyList<string> Texts(string css) =>
        [.. _driver.FindElements(By.CssSelector(css)).Where(element => element.Displayed).Select(element => element.Text)];

    /// <summary>The text of the only such element.</summary>
    public string Text(string css) => Assert.Single(Texts(css));

    /// <summary>The facts about the answer by name.</summary>
    public IReadOnlyDictionary<string, string> Facts =>
        Texts("#facts dt").Zip(Texts("#facts dd")).ToDictionary(fact => fact.First, fact => fact.Second, StringComparer.Ordinal);

    /// <summary>What a script returns, as JSON.</summary>
    public JsonElement Evaluate(string expression, params object[] arguments)
    {
        var text = (string)_driver.ExecuteScript($"return JSON.stringify({expression})", arguments)!;
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Runs a script.</summary>
    public void Do(string script, params object[] arguments) => _driver.ExecuteScript(script, arguments);

    /// <summary>What axe-core, which must be loaded, has to say against the page as it is now.</summary>
    /// <param name="state">What the page shows, for the message.</param>
    public IReadOnlyList<string> AxeViolations(string state)
    {
        const string run = """
            const done = arguments[0];
            axe.run(document, { resultTypes: ['violations'] }).then(
              ({ violations }) => done(JSON.stringify(violations.flatMap(({ id, help, nodes }) =>
                nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`)))),
              error => done(JSON.stringify([`${error}`])));
            """;
        var found = JsonSerializer.Deserialize<string[]>((string)_driver.ExecuteAsyncScript(run)!)!;
        return [.. found.Select(one => $"{state}: {one}")];
    }

    /// <summary>What a command of the developer tools returns.</summary>
    public JsonElement Command(string name, Dictionary<string, object?> parameters) =>
        JsonSerializer.SerializeToElement(_driver.ExecuteCdpCommand(name, parameters));

    /// <summary>Waits until an element is visible.</summary>
    public Task SeesAsync(string css) => Eventually.TrueAsync(() => Task.FromResult(Texts(css).Count > 0), Patience, () => Describe(css));

    /// <summary>Waits for an answer other than the last one.</summary>
    /// <returns>Its request id.</returns>
    public async Task<string> AnsweredAsync(string? last = null)
    {
        string? id = null;
        await Eventually.TrueAsync(() => Task.FromResult(IsAnswered(last, out id)), Patience, () => Describe("an answer"));
        return id!;
    }

    public void Dispose() => _driver.Dispose();

    // One script, so that the answer does not change between being found and being read.
    private bool IsAnswered(string? last, out string? id)
    {
        id = Evaluate(
                "(a => a.hidden || a.hasAttribute('aria-busy') ? null : document.querySelector('#facts "
                    + "dd:last-child').textContent)(document.getElementById('answer'))"
            )
            .GetString();
        return id is not null && id != last;
    }

    private string Describe(string wanted) =>
        $"Wanted {wanted}; the page says: {string.Join(' ', Texts("main"))}\n{string.Join('\n', Complaints)}";
}
