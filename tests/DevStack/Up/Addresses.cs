using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;
using Npgsql;

namespace LeadSync.DevStack.Up;

/// <summary>The addresses of the console, the view and the traces.</summary>
internal sealed class Addresses(LocalInfrastructure infrastructure, ServiceProcesses services, Traces traces, RunDirectory run)
{
    public async Task ShowAsync(Screen screen, View view, CancellationToken cancellationToken)
    {
        var id = await view.AnyIdAsync(cancellationToken);
        screen.Line($"""

              console    {services.Scheduler.Address}
              status     {services.Scheduler.Address}status
              ask it     ./leadsync status | doctor | history {id} (in another terminal; ./leadsync help)
              one lead   {services.Projector.Address}leads/{id}
              its past   {services.Projector.Address}leads/{id}/history
              view       {Psql("select * from legacy.leads limit 3")}
              gateway    {services.Gateway.Address}
              broker     {Broker(infrastructure.RabbitMq)}
              traces     {traces.Where}
              simulator  {services.Simulator.Address}control/statistics
              logs       {Path.GetRelativePath(Environment.CurrentDirectory, run.Logs)}

            """);
    }

    // The screen does not show the password of a server that an environment variable names.
    internal static string Broker(RabbitMqServer server) => server switch
    {
        { Management: { } own, IsOurs: true } => $"{own}",
        { Management: { } given } => given.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped),
        _ => server.Origin,
    };

    private string Psql(string sql)
    {
        var address = new NpgsqlConnectionStringBuilder(infrastructure.Postgres.ConnectionString);
        var password = infrastructure.Postgres.IsOurs ? $":{address.Password}" : "";
        return $"psql postgresql://{address.Username}{password}@{address.Host}:{address.Port}/{address.Database} -c '{sql}'";
    }
}
