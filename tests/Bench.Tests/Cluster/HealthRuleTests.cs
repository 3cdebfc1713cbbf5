using System.Globalization;
using System.Text.RegularExpressions;
using Saccade.Bench.Cluster;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Tests.Cluster;

/// <summary>What is simulated is what ships.</summary>
public sealed class HealthRuleTests
{
    [Fact]
    public void Nginx_IsTheShippedConfiguration()
    {
        Assert.Equal(HealthRule.Nginx.ConnectTimeout, Setting(@"proxy_connect_timeout (\d+)s;", "nginx", "nginx.conf"));
        Assert.Equal(HealthRule.Nginx.LeftOut, Setting(@"^server .* max_fails=1 fail_timeout=(\d+)s;$", "nginx", "replicas.conf"));
        Assert.Null(HealthRule.Nginx.Check);
    }

    [Fact]
    public void Haproxy_IsTheShippedConfiguration()
    {
        Assert.Equal(HealthRule.Haproxy.ConnectTimeout, Setting(@"timeout connect (\d+)s$", "haproxy", "haproxy.cfg"));
        Assert.Equal(HealthRule.Haproxy.Check, Setting(@"check inter (\d+)ms fall 1 rise 1 ", "haproxy", "replicas.cfg") / 1000);
    }

    private static TimeSpan Setting(string pattern, params string[] file)
    {
        var text = File.ReadAllText(Checkout.PathOf(["deploy", .. file]));
        var found = Assert.Single(
            Regex.Matches(text, pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
        );
        return TimeSpan.FromSeconds(int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture));
    }
}
