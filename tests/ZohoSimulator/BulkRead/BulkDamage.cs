namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The faults of a result file.</summary>
internal enum BulkDamage
{
    None,

    /// <summary>The zip ends in the middle, and the answer looks complete.</summary>
    Truncated,

    /// <summary>The connection is cut in the middle.</summary>
    Aborted,

    /// <summary>A zip without an entry.</summary>
    EmptyZip,
    TwoEntries,

    /// <summary>An HTML page with status 200.</summary>
    Html,
    BadCrc,

    /// <summary>The status counts more rows than the file has.</summary>
    WrongCount,

    /// <summary>One row's Created_Time is no date.</summary>
    BadDate,

    /// <summary>One row's Modified_Time is no instant.</summary>
    BadTime,

    /// <summary>One cell has quotes within quotes, not doubled.</summary>
    InnerQuotes,

    /// <summary>One cell begins with a quote that is never closed.</summary>
    OpenQuote,

    /// <summary>The last column is missing.</summary>
    MissingColumn,

    /// <summary>There is a column without metadata.</summary>
    ExtraColumn,

    /// <summary>The columns come in the reverse order.</summary>
    ShuffledColumns,

    /// <summary>The download gets 404.</summary>
    Gone,
}
