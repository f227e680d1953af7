using System.Net.Http.Headers;
using System.Text;
using LeadSync.Benchmarks.Leads;
using LeadSync.Benchmarks.Live;
using LeadSync.Benchmarks.Pages;
using LeadSync.Benchmarks.Stack;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Benchmarks.Floors;

/// <summary>The least work between a request and a row: HTTP request, publish with confirm, consume, one upsert for many rows.</summary>
internal static class LiveFloor
{
    public static async Task<ServiceProcess> StartAsync(BenchStack stack, RunDirectory run, CancellationToken cancellationToken)
    {
        await new PageFloor(stack.Database).CreateAsync(cancellationToken);
        var process = FloorHost.Create(FloorHost.Live, run, new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = stack.Postgres,
            ["ConnectionStrings__RabbitMq"] = $"{stack.RabbitMq}",
        });
        await process.StartAsync(cancellationToken);
        return process;
    }

    public static async Task SendAsync(HttpClient http, Uri address, int seed, int number, string id)
    {
        using var content = new ByteArrayContent(LiveLead.Row(id, TimeProvider.System.GetUtcNow(), LiveLead.Cells(seed, number)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.PostAsync(new Uri(address, "changes"), content);
        answer.EnsureSuccessStatusCode();
    }

    public static async Task RunAsync()
    {
        // Another directory than the working directory: .NET would watch every file there, including the databases.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(
            NpgsqlDataSource.Create(builder.Configuration["ConnectionStrings:Postgres"]! + ";Max Auto Prepare=20"));
        // A message that is published before its queue exists is lost.
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<FloorConsumer>(consumer =>
                consumer.Options<BatchOptions>(batch => batch.SetMessageLimit(200).SetTimeLimit(ms: 5).SetConcurrencyLimit(2)));
            bus.AddConfigureEndpointsCallback((_, _, endpoint) => (endpoint as IRabbitMqReceiveEndpointConfigurator)?.SetQuorumQueue());
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(builder.Configuration["ConnectionStrings:RabbitMq"]!));
                rabbit.ConfigureEndpoints(context);
            });
        });
        var app = builder.Build();
        app.MapPost("/changes", async (HttpRequest request, IBus bus) =>
        {
            using var body = new StreamReader(request.Body, Encoding.UTF8);
            await bus.Publish(new FloorChange(await body.ReadToEndAsync()));
            return Results.Ok();
        });
        app.MapGet("/health/ready", () => Results.Ok());
        await app.RunAsync();
    }
}

/// <param name="Row">The row as JSON.</param>
public sealed record FloorChange(string Row);

internal sealed class FloorConsumer(NpgsqlDataSource database) : IConsumer<Batch<FloorChange>>
{
    private static readonly string Names = string.Concat(LeadColumns.All.Select(column => $", {column.ApiName.ToLowerInvariant()}"));
    private static readonly string Types = string.Concat(
        LeadColumns.All.Select(column => $", {column.ApiName.ToLowerInvariant()} {column.SqlType}"));
    private static readonly string Updates = string.Concat(
        LeadColumns.All.Select(column => column.ApiName.ToLowerInvariant()).Select(name => $", {name} = excluded.{name}"));

    private static readonly string Upsert = $"""
        insert into floor.leads (id, modified_time{Names})
        select distinct on (r.id) r.id, r.modified_time{Names} from unnest($1::jsonb[]) with ordinality as j(row, position)
        cross join lateral jsonb_to_record(j.row) as r(id text, modified_time timestamptz{Types}) order by r.id, j.position desc
        on conflict (id) do update set modified_time = excluded.modified_time{Updates} where excluded.modified_time >= leads.modified_time
        """;

    public async Task Consume(ConsumeContext<Batch<FloorChange>> context)
    {
        await using var command = database.CreateCommand(Upsert);
        command.Parameters.Add(new()
        {
            Value = context.Message.Select(message => message.Message.Row).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
        });
        await command.ExecuteNonQueryAsync();
    }
}
