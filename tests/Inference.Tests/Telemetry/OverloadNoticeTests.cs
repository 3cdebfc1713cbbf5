using Saccade.Inference.Telemetry;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Telemetry;

public sealed class OverloadNoticeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<long> _told = [];

    [Fact]
    public void Refused_ManyWithinTenSeconds_ToldOnceAtTheFirst()
    {
        var notice = new OverloadNotice(_time, _told.Add);

        for (var number = 0; number < 1000; number++)
        {
            notice.Refused();
            _time.Advance(TimeSpan.FromMilliseconds(9.9));
        }

        Assert.Equal([1], _told);
    }

    [Fact]
    public void Refused_AgainTenSecondsLater_ToldWithAllSinceTheStart()
    {
        var notice = new OverloadNotice(_time, _told.Add);

        notice.Refused();
        notice.Refused();
        _time.Advance(TimeSpan.FromSeconds(10));
        notice.Refused();
        notice.Refused();

        Assert.Equal([1, 3], _told);
    }

    [Fact]
    public void Refused_ByManyThreadsAtOnce_ToldOnce()
    {
        var told = 0;
        var notice = new OverloadNotice(_time, _ => Interlocked.Increment(ref told));

        Parallel.For(0, 1000, _ => notice.Refused());

        Assert.Equal(1, told);
    }
}
