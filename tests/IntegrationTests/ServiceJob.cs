using System.Diagnostics;
using LeadSync.DevStack;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests;

/// <summary>A service's executable with the argument of a job: <c>migrate</c> or <c>rebuild</c>.</summary>
internal static class ServiceJob
{
    /// <summary>Runs the job, which has to succeed.</summary>
    public static async Task Run(string service, string job, string postgres, Uri rabbitMq)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Assembly(service), job])
        {
            Environment = { ["ConnectionStrings__Postgres"] = postgres }
        };
        // A migration gets no other secret.
        foreach (var (key, value) in job == "migrate" ? [] : new Dictionary<string, string>
        {
            ["ConnectionStrings__RabbitMq"] = $"{rabbitMq}",
            ["Database__AutoMigrate"] = "false",
            ["Gateway__InternalUrl"] = "http://gateway:8080",
        })
            start.Environment[key] = value;

        var ended = await ProgramResult.RunAsync(start, TestContext.Current.CancellationToken);
        ended.ExitCode.ShouldBe(0, ended.Error);
    }
}
