using Saccade.Bench.Peers;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Tests.Peers;

public sealed class PeerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("saccade-peers-");

    [Fact]
    public void In_AFolder_FindsWhatHasAStartScriptOnceForEachSetOfVariables()
    {
        Write("b/start.sh", "");
        Write("a/start.sh", "");
        Write("a/variants", "INTRA=1\nINTRA=2 MODE=sync\n\n");
        Write("notes/README.md", "");

        var peers = Peer.In(_folder.FullName);

        Assert.Equal(["a", "a INTRA=1", "a INTRA=2 MODE=sync", "b"], peers.Select(peer => peer.Name));
        Assert.Equal(("2", "sync"), (peers[2].Settings["INTRA"], peers[2].Settings["MODE"]));
        Assert.Empty(peers[3].Settings);
    }

    [Fact]
    public void In_TheCheckout_FindsTheThreeThatAreDocumented() =>
        Assert.Equal(
            ["aspnet-naive", "node", "python"],
            Peer.In(Checkout.PathOf("bench", "peers")).Select(peer => Path.GetFileName(peer.Folder)).Distinct()
        );

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
