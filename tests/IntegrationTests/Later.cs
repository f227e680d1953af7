namespace LeadSync.IntegrationTests;

/// <summary>A clock that is ahead of the machine's.</summary>
internal sealed class Later(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
