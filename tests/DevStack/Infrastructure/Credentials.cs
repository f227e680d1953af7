using System.Security.Cryptography;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>Who uses a server of our own. Others on the machine, and on its network, can reach it, but not know the password.</summary>
internal static class Credentials
{
    public const string User = "leadsync";

    public static string NewPassword() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
