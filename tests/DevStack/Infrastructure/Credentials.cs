using System.Security.Cryptography;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>User and password of a private server, which others on the machine and its network can reach.</summary>
internal static class Credentials
{
    public const string User = "leadsync";

    public static string NewPassword() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
