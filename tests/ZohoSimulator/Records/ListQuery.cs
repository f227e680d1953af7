using System.Security.Cryptography;
using System.Text;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>The parameters of <c>GET /Leads</c>.</summary>
internal sealed record ListQuery(IReadOnlyList<Field> Fields)
{
    private const int MostFields = 50;
    private const int MostPerPage = 200;

    /// <summary>Zoho: "page" reaches the first 2,000 records.</summary>
    private const int PageReach = 2000;

    public IReadOnlyList<string>? Ids { get; private init; }

    public int Page { get; private init; } = 1;

    public int PerPage { get; private init; } = MostPerPage;

    public string? PageToken { get; private init; }

    public string SortBy { get; private init; } = "id";

    public bool Descending { get; private init; } = true;

    /// <summary>Null for both.</summary>
    public bool? Converted { get; private init; } = false;

    /// <summary>By the parameter <c>approved</c>.</summary>
    public Func<Lead, bool> IsShown { get; private init; } = _ => true;

    public DateTimeOffset? ModifiedSince { get; private init; }

    /// <summary>The query to which a page token is bound.</summary>
    public string Binding
    {
        get
        {
            var parameters = $"{string.Join(',', Fields)}|{SortBy}|{Descending}|{Converted}|{PerPage}|{ModifiedSince:O}";
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(parameters)));
        }
    }

    public static ListQuery Read(HttpRequest request, FieldCatalogue known, Dials dials)
    {
        var query = request.Query;
        var fields = ReadFields(query["fields"], known);
        if (query.ContainsKey("cvid"))
            throw ZohoError.InvalidData(new { param_name = "cvid" });
        if (query.ContainsKey("page") && query.ContainsKey("page_token"))
            throw ZohoError.Ambiguous("page", "page_token");

        var read = new ListQuery(fields)
        {
            Ids = ReadIds(query["ids"], dials.MaxIdsPerRead),
            Page = ReadNumber(query["page"], "page", int.MaxValue, 1),
            PerPage = ReadNumber(query["per_page"], "per_page", MostPerPage, MostPerPage),
            PageToken = query["page_token"],
            SortBy = ReadChoice(query["sort_by"], "sort_by", "id", "id", "Created_Time", "Modified_Time"),
            Descending = ReadChoice(query["sort_order"], "sort_order", "desc", "desc", "asc") == "desc",
            Converted = ReadConverted(query["converted"]),
            IsShown = ReadApproved(query["approved"], dials),
            ModifiedSince = ReadInstant(request.Headers.IfModifiedSince),
        };
        var isBeyond = read.PageToken is null && (long)read.Page * read.PerPage > PageReach;
        return isBeyond ? throw PageTokenNeeded() : read;
    }

    /// <summary>Zoho: converted leads are left out unless they are asked for; If-Modified-Since is inclusive.</summary>
    public bool Matches(Lead lead) =>
        IsShown(lead) && (Converted is null || Converted == lead.Conversion is not null)
            && (ModifiedSince is null || lead.ModifiedTime >= ModifiedSince);

    public static DateTimeOffset? ReadInstant(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : Instants.TryRead(text, out var instant) ? instant
        : throw ZohoError.InvalidData(new { header_name = "If-Modified-Since", expected_data_type = "datetime" });

    public static int ReadNumber(string? text, string name, int most, int fallback) =>
        string.IsNullOrEmpty(text) ? fallback
        : int.TryParse(text, out var number) && number >= 1 && number <= most ? number
        : throw ZohoError.InvalidData(new { param_name = name, maximum_length = most });

    public static string ReadChoice(string? text, string name, string fallback, params string[] choices) =>
        string.IsNullOrEmpty(text) ? fallback
        : choices.Contains(text) ? text
        : throw ZohoError.InvalidData(new { param_name = name, supported_values = choices });

    /// <summary>The leads that the parameter <c>approved</c> selects.</summary>
    public static Func<Lead, bool> ReadApproved(string? text, Dials dials)
    {
        if (!string.IsNullOrEmpty(text) && dials.ApprovedIsRefused)
            throw ZohoError.InvalidData(new { param_name = "approved" });

        return ReadChoice(text, "approved", dials.ListsApproved, "false", "true", "both") switch
        {
            "both" => _ => true,
            var approved => lead => dials.IsApproved(lead) == (approved == "true"),
        };
    }

    private static bool? ReadConverted(string? text) =>
        ReadChoice(text, "converted", "false", "false", "true", "both") switch { "both" => null, var flag => flag == "true" };

    private static ZohoError PageTokenNeeded() =>
        new(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "a page token is needed beyond this point", new { limit = PageReach });

    private static List<Field> ReadFields(string? names, FieldCatalogue known)
    {
        if (string.IsNullOrEmpty(names))
            throw ZohoError.MissingParameter("fields");

        var asked = names.Split(',');
        if (asked.Length > MostFields)
            throw ZohoError.LimitExceeded(new { limit = MostFields, param_name = "fields" });

        return [.. asked.Select(name => known.Find(name.Trim())).OfType<Field>().Where(field => !field.Hidden).Distinct()];
    }

    private static string[]? ReadIds(string? ids, int most)
    {
        if (string.IsNullOrEmpty(ids))
            return null;

        var asked = ids.Split(',', StringSplitOptions.TrimEntries);
        if (asked.Length > most)
            throw ZohoError.LimitExceeded(new { limit = most, param_name = "ids" });

        return Array.TrueForAll(asked, id => id.Length > 0 && id.All(char.IsAsciiDigit))
            ? asked
            : throw ZohoError.InvalidData(new { param_name = "ids" });
    }
}
