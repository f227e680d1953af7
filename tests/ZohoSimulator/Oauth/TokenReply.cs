namespace LeadSync.ZohoSimulator.Oauth;

/// <summary>The forms in which the token endpoint states a token's life.</summary>
internal enum TokenReply
{
    /// <summary><c>expires_in</c> in seconds.</summary>
    Modern,

    /// <summary><c>expires_in_sec</c> in seconds and <c>expires_in</c> in milliseconds.</summary>
    Legacy,

    /// <summary>The answer does not state it.</summary>
    WithoutExpiry,
}
