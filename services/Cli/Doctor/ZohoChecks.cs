using System.Text.Json;
using LeadSync.Cli.Zoho;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.Gateway.Zoho.Tokens;
using static LeadSync.Cli.Doctor.Diagnoses;

namespace LeadSync.Cli.Doctor;

/// <summary>Checks credentials, scopes, edition and fields with Zoho.</summary>
internal sealed class ZohoChecks(
    TokenEndpoint tokens, ZohoWire wire, ZohoClock zohoClock, ZohoOptions options, BudgetSetting configured, TimeProvider clock,
        Findings findings)
{
    private static readonly TimeSpan WorthMentioning = TimeSpan.FromSeconds(5);
    private const long FewCredits = 500;

    // Fields with some 20 characters each. PostgreSQL keeps a row within 8 kB.
    private const int SurelyInOneRow = 300;

    private readonly long? budget = configured.Credits;

    private static readonly Diagnosis[] NeedTheApi =
        [ApiHost, TokenAccepted, NotificationScope, LeadScope, BulkScope, FieldScope, ModuleScope, OrgScope, UserScope, Permission, Edition,
            Budget,
            Credits, Fields, LostFields];

    /// <returns>The API names of the fields that the user sees; null when they could not be read.</returns>
    public async Task<IReadOnlyList<string>?> Run(CancellationToken ct)
    {
        if (await Token(ct) is not { } token)
        {
            findings.Skip("there is no access token", NeedTheApi);
            return null;
        }

        Measure();
        var probe = new ZohoProbe(wire, options, token, clock);
        CompareDataCentres(token);
        return await Api(probe, ct);
    }

    private async Task<AccessToken?> Token(CancellationToken ct)
    {
        try
        {
            var token = await tokens.Refresh(ct);
            findings.Ok(AccountsHost, $"{options.AccountsUrl.Host} answers");
            findings.Ok(Client, "accepted");
            findings.Ok(RefreshToken, "gives an access token");
            findings.Ok(TokenThrottle, "given");
            return token;
        }
        catch (ZohoException e)
        {
            var wrong = e switch
            {
                { Kind: ZohoErrorKind.Throttled } => TokenThrottle,
                { Kind: ZohoErrorKind.Unavailable } => AccountsHost,
                { Code: "invalid_client" or "invalid_client_secret" } => Client,
                _ => RefreshToken,
            };
            findings.Fail(wrong, $"{options.AccountsUrl.Host}: {e.Message}");
            if (wrong != AccountsHost)
                findings.Ok(AccountsHost, $"{options.AccountsUrl.Host} answers");
            findings.Skip($"{wrong.Code} comes first", AccountsHost, Client, RefreshToken, TokenThrottle, DataCentres, Clock);
            return null;
        }
    }

    private void Measure()
    {
        if (zohoClock.Offset.Duration() > WorthMentioning)
            findings.Warn(Clock, $"Zoho's clock is {zohoClock.Offset.Duration().TotalSeconds:N0} s "
                + $"{(zohoClock.Offset > TimeSpan.Zero ? "ahead of" : "behind")} this machine's");
        else
            findings.Ok(Clock, $"within {WorthMentioning.TotalSeconds:0} s of Zoho's");
    }

    private void CompareDataCentres(AccessToken token)
    {
        var (accounts, api) = (DataCentre.Of(options.AccountsUrl), token.ApiDomain is { } domain ? DataCentre.Of(domain) : null);
        if (token.ApiDomain is not null && accounts != api)
            findings.Fail(DataCentres, $"{options.AccountsUrl.Host} ({accounts ?? "none of Zoho's"}) names the API host "
                + $"{token.ApiDomain.Host} ({api ?? "none of Zoho's"})");
        else
            findings.Ok(DataCentres, accounts ?? $"{options.AccountsUrl.Host} is not a host of Zoho: a simulator or a proxy");
    }

    private async Task<IReadOnlyList<string>?> Api(ZohoProbe probe, CancellationToken ct)
    {
        // In this order, because one error hides another.
        var isOpen = await Ask(LeadScope, probe, () => new RecordsApi(probe, options).ListModified(zohoClock.Now, page: 1, ct))
            && await Ask(NotificationScope, probe, () => new WatchApi(probe, options).ListChannels(ct))
            && (findings.IsWrong(LeadScope, Permission)
                || await Ask(BulkScope, probe, () => probe.Ask(BulkReadApi.StatusCall(options, "1"), body => body, ct)));
        IReadOnlyList<FieldDescription>? fields = null;
        JsonElement? org = null;
        isOpen = isOpen
            && await Ask(FieldScope, probe, async () => fields = await new FieldsApi(probe, options).ReadFields(ct))
            && await Ask(ModuleScope, probe, () => probe.Get("settings/modules", ct))
            && await Ask(OrgScope, probe, async () => org = await probe.Get("org", ct))
            && await Ask(UserScope, probe, () => probe.Get("users?type=CurrentUser", ct));
        if (isOpen)
        {
            findings.Ok(ApiHost, $"{probe.ApiHost.Host} answers");
            findings.Ok(TokenAccepted, "accepted");
            findings.Ok(Permission, "yes");
            Judge(ZohoEdition.Of(org), probe.CreditsLeft);
        }

        var names = fields is null ? null : Names(fields);
        findings.Skip("not asked", NeedTheApi);
        return names;
    }

    /// <returns>Whether further checks make sense.</returns>
    private async Task<bool> Ask(Diagnosis scope, ZohoProbe probe, Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (ZohoException e) when (e.Kind is ZohoErrorKind.NotFound or ZohoErrorKind.Rejected)
        {
            // There is no such job. This answer proves that the scope is there.
        }
        catch (ZohoException e)
        {
            var wrong = e switch
            {
                { Kind: ZohoErrorKind.Unavailable } => ApiHost,
                { Kind: ZohoErrorKind.Throttled } => Credits,
                { Code: "OAUTH_SCOPE_MISMATCH" } => scope,
                { Kind: ZohoErrorKind.Permission } => Permission,
                _ => TokenAccepted,
            };
            if (wrong == OrgScope)
                findings.Warn(wrong, "the edition is not known");
            else if (wrong == UserScope)
                findings.Warn(wrong, "owners have no names");
            else
                findings.Fail(wrong, $"{probe.ApiHost.Host}: {e.Message}");
            return wrong == scope || wrong == Permission;
        }

        findings.Ok(scope, "granted");
        return true;
    }

    private void Judge(ZohoEdition? edition, long? left)
    {
        if (edition is null)
            findings.Skip("Zoho did not say", Edition);
        else if (edition.IsFree)
            findings.Warn(Edition, $"{edition.Name}: {edition.CreditsPerDay:N0} credits a day");
        else
            findings.Ok(Edition, $"{edition.Name} with {edition.Users:N0} users: {edition.CreditsPerDay:N0} credits a day");

        if (edition is null)
            findings.Skip("Zoho did not say", Budget);
        else if (budget > edition.CreditsPerDay)
            findings.Warn(Budget, $"{budget:N0} are allowed, and {edition.Name} has {edition.CreditsPerDay:N0} a day");
        else
            findings.Ok(Budget, budget is null ? "no budget is set" : $"{budget:N0} of {edition.CreditsPerDay:N0} a day");

        if (left < FewCredits)
            findings.Fail(Credits, $"{left:N0} are left of the last 24 hours'");
        else
            findings.Ok(Credits, left is null ? "less than half of the day's are used" : $"{left:N0} are left");
    }

    private string NotSynced(IReadOnlyList<FieldDescription> described)
    {
        var not = LeadFieldSelection.Plan(described, options.Fields).Where(plan => plan.Field is null).ToList();
        return not.Count == 0 ? "" : $", {not.Count} cannot ({string.Join(", ", not.Select(plan => plan.Reason).Distinct())})";
    }

    private static string TooMany(int fields) => fields <= SurelyInOneRow
        ? "" : $"; a lead with values in more than about {SurelyInOneRow} of them is too large for a row of PostgreSQL, and is parked";

    private IReadOnlyList<string> Names(IReadOnlyList<FieldDescription> described)
    {
        var selected = LeadFieldSelection.Select(described, options.Fields);
        var unknown = LeadFieldSelection.Unknown(selected, options.Fields).ToList();
        if (!described.Any(field => field.ApiName == "Modified_Time"))
            unknown.Add("Modified_Time (needed)");
        if (unknown.Count > 0)
            findings.Fail(Fields, $"missing in Zoho, or hidden from the user: {string.Join(", ", unknown)}");
        else
            findings.Ok(Fields, $"{selected.Fields.Count} fields can be synced{NotSynced(described)}; "
                + $"`leadsync preview` says which as what{TooMany(selected.Fields.Count)}");
        return [.. described.Select(field => field.ApiName)];
    }
}

/// <param name="Credits"><c>Zoho__DailyCredits</c>; null for no budget.</param>
internal sealed record BudgetSetting(long? Credits);
