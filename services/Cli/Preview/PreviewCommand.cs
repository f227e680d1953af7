using System.CommandLine;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Zoho;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.Gateway.Zoho.Tokens;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace LeadSync.Cli.Preview;

/// <summary><c>preview</c>: asks Zoho for the cost of a first sync, before any service runs.</summary>
internal static class PreviewCommand
{
    private const string CountScopes = "ZohoSearch.securesearch.READ,ZohoCRM.settings.layouts.READ";

    public static Command Create()
    {
        var leads = new Option<long?>("--leads") { Description = "how many leads there are, instead of asking Zoho" };
        leads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < 0)
                result.AddError("--leads cannot be less than 0.");
        });
        return new ExampledCommand(
            "preview",
            "Show how many leads, pages, API credits and minutes a first sync will take, which fields it syncs as what, which it cannot "
                + "and why; if there is a view already, also what happens to its columns. Exit code 0 when the credits suffice, else 1. It "
                + "costs three credits.",
            "leadsync preview", "leadsync preview --leads 450000", "leadsync preview --json | jq .credits")
        {
            leads,
        }.Does(async (invocation, ct) =>
        {
            var zoho = ZohoOptions.From(new Settings(invocation.Configuration));
            await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(zoho).AddZohoAccess()
                .BuildServiceProvider();
            try
            {
                var token = await services.GetRequiredService<TokenEndpoint>().Refresh(ct);
                var org = await Ask(
                    new ZohoProbe(services.GetRequiredService<ZohoWire>(), zoho, token, TimeProvider.System),
                    zoho, invocation.Value(leads), ct)
                    with { Columns = await FieldTable.Columns(invocation.Configuration["ConnectionStrings:Postgres"], ct) };
                invocation.Output.Show(Json(org), () => Picture(org));
                return org.Suffices ? ExitCode.Ok : ExitCode.No;
            }
            catch (ZohoException e)
            {
                throw new CommandException(
                    e.Kind == ZohoErrorKind.Unavailable ? ExitCode.Unreachable : ExitCode.No,
                    $"{e.Message}. `leadsync doctor --before-start` says more.");
            }
        });
    }

    private static async Task<Org> Ask(ZohoProbe probe, ZohoOptions zoho, long? leads, CancellationToken ct)
    {
        var first = FirstSync.Of(leads ?? await Count(probe, ct));
        var fields = await new FieldsApi(probe, zoho).ReadFields(ct);
        return new Org(first, LeadFieldSelection.Plan(fields, zoho.Fields), await Edition(probe, ct), probe.CreditsLeft);
    }

    private static async Task<long> Count(ZohoProbe probe, CancellationToken ct)
    {
        try
        {
            return (await probe.Get($"{ZohoModule.Leads.ApiName}/actions/count", ct))?.Whole("count") ?? 0;
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Permission)
        {
            throw new CommandException(
                ExitCode.No, $"Zoho does not count leads for this refresh token: make one with the scopes {CountScopes} too, or say how "
                    + "many there are with --leads.");
        }
    }

    private static async Task<ZohoEdition?> Edition(ZohoProbe probe, CancellationToken ct)
    {
        try
        {
            return ZohoEdition.Of(await probe.Get("org", ct));
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Permission)
        {
            return null;
        }
    }

    private static object Json(Org org) => new
    {
        org.First.Leads,
        org.First.Pages,
        fields = org.Synced,
        fieldPlan = org.FieldPlan,
        org.First.Credits,
        minutes = new { least = org.First.LeastMinutes, most = org.First.MostMinutes },
        edition = org.Edition?.Name,
        creditsPerDay = org.Edition?.CreditsPerDay,
        org.CreditsLeft,
        org.Suffices,
    };

    private static Rows Picture(Org org)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        void Row(string name, string text) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(text));
        Row("leads", $"{org.First.Leads:N0}; this count may be some minutes old, and Zoho does not say whether it counts converted leads");
        Row("fields", $"{org.Synced:N0} are synced, {org.Plans.Count - org.Synced:N0} are not");
        Row("pages", $"{org.First.Pages:N0}");
        var ofEdition = org.Edition is { } edition
            ? $", of {edition.CreditsPerDay:N0} a day ({edition.Name}, {edition.Users:N0} users)" : "";
        var free = org.CreditsLeft is { } left ? $"; {left:N0} are left" : "";
        Row("credits", $"{org.First.Credits:N0} at most for the export{ofEdition}{free}; "
            + "more for leads with rich texts, and others that the export leaves incomplete: they are read again");
        Row("minutes", $"{org.First.LeastMinutes:N0} to {org.First.MostMinutes:N0}: nearly all of it is Zoho's export, and Zoho does "
            + "not say how long it takes");
        var sum = org.Suffices
            ? "The first sync can begin." : "There are too few API credits: wait until credits are free again, or choose a larger edition.";
        return new Rows(grid, new Text(sum), FieldTable.Picture(org.FieldPlan));
    }

    private sealed record Org(FirstSync First, IReadOnlyList<FieldPlan> Plans, ZohoEdition? Edition, long? CreditsLeft)
    {
        /// <summary>The columns of the view; null when there is no view.</summary>
        public IReadOnlyDictionary<string, FieldType>? Columns { get; init; }

        public int Synced => Plans.Count(plan => plan.Field is not null);

        public IReadOnlyList<FieldPreview> FieldPlan => FieldPreview.Of([.. Plans.Select(plan => plan.Described)], Columns);

        public bool Suffices => First.Credits <= (CreditsLeft ?? Edition?.CreditsPerDay ?? long.MaxValue);
    }
}
