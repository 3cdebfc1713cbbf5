using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Saccade.Bench.Load;

/// <summary>One kept-alive connection that blocks its thread: no dispatch stands between the answer's arrival and the clock.</summary>
/// <param name="address">Host and port; a host name is asked for once a connection.</param>
public sealed class WireConnection(Uri address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private byte[] _buffer = new byte[16 * 1024];
    private int _received;
    private Socket? _socket;

    /// <summary>Connects, if it is not connected.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public void Open()
    {
        if (_socket is not null)
            return;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)Patience.TotalMilliseconds };
        try
        {
            socket.Connect(address.Host, address.Port);
            _socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>Its head.</returns>
    /// <exception cref="SocketException">The connection broke, or nothing came for a minute. The next call connects anew.</exception>
    /// <exception cref="InvalidDataException">The answer is no HTTP. The next call connects anew.</exception>
    public ResponseHead Exchange(WireRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Open();
        try
        {
            for (var rest = request.Bytes.Span; rest.Length > 0; )
                rest = rest[_socket!.Send(rest)..];
            var head = Head();
            if (head.BodyLength is { } length)
                Drop(head.Length + (int)length);
            else
                DropChunks(head.Length);
            if (head.Closes)
                Dispose();
            return head;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Ends the connection.</summary>
    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
        _received = 0;
    }

    private ResponseHead Head()
    {
        ResponseHead? head;
        while ((head = ResponseHead.TryParse(_buffer.AsSpan(0, _received))) is null)
            Receive();
        return head;
    }

    // Takes so many bytes off the front, of which some may not have come yet.
    private void Drop(int count)
    {
        while (_received < count)
            Receive();
        _buffer.AsSpan(count, _received - count).CopyTo(_buffer);
        _received -= count;
    }

    private void DropChunks(int headLength)
    {
        Drop(headLength);
        while (true)
        {
            int end;
            while ((end = _buffer.AsSpan(0, _received).IndexOf("\r\n"u8)) < 0)
                Receive();
            var size = int.Parse(Encoding.ASCII.GetString(_buffer, 0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Drop(end + size + 4);
            if (size == 0)
                return;
        }
    }

    private void Receive()
    {
        if (_received == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        var count = _socket!.Receive(_buffer, _received, _buffer.Length - _received, SocketFlags.None);
        if (count == 0)
            throw new SocketException((int)SocketError.ConnectionReset);
        _received += count;
    }
}
