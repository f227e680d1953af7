using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Oauth;

/// <summary>Which scopes the token lacks, and whether its user may see leads at all.</summary>
internal sealed class Scopes(Dials dials)
{
    public void Require(ApiCall call)
    {
        if (dials.MissingScopes.Length > 0 && dials.MissingScopes.Split(',').Intersect(call.Scopes).Any())
            throw new ZohoError(dials.MissingScopeStatus, "OAUTH_SCOPE_MISMATCH", "Unauthorized");
        if (dials.NoPermission && call.Scopes.Contains(ApiCall.LeadsRead))
            throw new ZohoError(403, "NO_PERMISSION", "permission denied", new { permissions = new[] { "Crm_Implied_View_Leads" } });
    }
}
