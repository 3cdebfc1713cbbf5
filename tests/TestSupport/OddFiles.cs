using System.Diagnostics;
using System.Net.Sockets;

namespace Saccade.TestSupport;

/// <summary>What may stand where a file is expected.</summary>
public static class OddFiles
{
    /// <summary>Puts it there, in place of what was there.</summary>
    /// <param name="kind"><c>pipe</c>, <c>socket</c>, <c>device</c>, <c>folder</c>, <c>link</c> (to nothing), <c>loop</c> (a link to
    /// itself) or <c>empty</c>.</param>
    /// <param name="path">Where.</param>
    public static void Make(string kind, string path)
    {
        File.Delete(path);
        switch (kind)
        {
            case "pipe":
                using (var made = Process.Start("mkfifo", [path]))
                {
                    made.WaitForExit();
                    if (made.ExitCode != 0)
                        throw new InvalidOperationException($"mkfifo ended with {made.ExitCode}.");
                }

                break;
            case "socket":
                // Its name stays when it is closed.
                MakeSocket(path);
                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "link":
                File.CreateSymbolicLink(path, $"{path}.gone");
                break;
            case "loop":
                File.CreateSymbolicLink(path, path);
                break;
            default:
                File.WriteAllBytes(path, []);
                break;
        }
    }

    // The name in a folder of its own must be short: a socket's has 108 bytes at most.
    private static void MakeSocket(string path)
    {
        var there = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(there));
            File.Move(there, path);
        }
    }
}
