namespace LeadSync.ZohoSimulator.Oauth;

/// <summary>How the token endpoint states a token's life.</summary>
internal enum TokenReply
{
    /// <summary><c>expires_in</c> in seconds.</summary>
    Modern,

    /// <summary><c>expires_in_sec</c> in seconds and <c>expires_in</c> in milliseconds.</summary>
    Legacy,

    /// <summary>Not at all.</summary>
    WithoutExpiry,
}
