using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using Npgsql;

namespace LeadSync.IntegrationTests.Cli;

[CollectionDefinition(nameof(HealthySync))]
public sealed class HealthySyncCollection : ICollectionFixture<HealthySync>;

/// <summary>A sync without faults. The doctor asks for a token in each run.</summary>
public sealed class HealthySync(SharedServers shared) : SharedSync(shared, leads: 50, ("Simulator__TokensPerTenMinutes", "0"));

/// <summary>Each case breaks one thing, and the doctor names exactly this one.</summary>
[Collection(nameof(HealthySync))]
public sealed class DoctorTests(HealthySync healthy)
{
    private const string Nobody = "127.0.0.1:1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => healthy.Sync;

    /// <summary>The faults, by the doctor's code.</summary>
    private static readonly Dictionary<string, Func<DoctorTests, Task<Broken>>> Cases = new()
    {
        ["LS001"] = _ => With("Zoho__ClientId", ""),
        ["LS002"] = _ => With("Zoho__DailyCredit", "5000"),
        ["LS101"] = _ => With("Zoho__AccountsUrl", $"http://{Nobody}", "--before-start"),
        ["LS102"] = test => test.Turned(new { tokenApiDomain = "https://www.zohoapis.eu" }),
        ["LS103"] = _ => With("Zoho__ClientSecret", "wrong", "--before-start"),
        ["LS104"] = test => test.Ordered("refresh-token/revoke", "refresh-token/restore"),
        ["LS105"] = test => test.Turned(new { tokensPerTenMinutes = 1 }),
        ["LS106"] = _ => With("Zoho__ApiUrl", $"http://{Nobody}"),
        ["LS107"] = test => test.Turned(new { tokenLife = "00:00:00" }),
        ["LS111"] = test => test.Turned(new { missingScopes = "ZohoCRM.notifications.ALL" }),
        ["LS112"] = test => test.Turned(new { missingScopes = "ZohoCRM.modules.leads.READ" }),
        ["LS113"] = test => test.Turned(new { missingScopes = "ZohoCRM.bulk.READ" }),
        ["LS114"] = test => test.Turned(new { missingScopes = "ZohoCRM.settings.fields.READ" }),
        ["LS115"] = test => test.Turned(new { missingScopes = "ZohoCRM.settings.modules.READ", missingScopeStatus = 403 }),
        ["LS116"] = test => test.Turned(new { missingScopes = "ZohoCRM.org.READ" }),
        ["LS117"] = test => test.Turned(new { missingScopes = "ZohoCRM.users.READ" }),
        ["LS120"] = test => test.Turned(new { noPermission = true }),
        ["LS121"] = test => test.Turned(new { edition = "free" }),
        ["LS122"] = test => test.Turned(new { creditsPerDay = 1, creditsEnforced = true }),
        ["LS123"] = _ => With("Zoho__DailyCredits", "999999999"),
        ["LS131"] = _ => With("Zoho__Fields", "Last_Name,No_Such_Field"),
        ["LS132"] = test => test.Turned(new { invisibleFields = "City" }),
        ["LS140"] = test => test.Advanced(TimeSpan.FromMinutes(1)),
        ["LS151"] = test => test.ZohoByHttps(),
        ["LS152"] = _ => With("Gateway__PublicUrl", $"http://{Nobody}"),
        ["LS153"] = test => test.BehindTls(),
        ["LS154"] = test => With("Gateway__PublicUrl", $"{test.Sync.Services.Gateway.Address}elsewhere"),
        ["LS155"] = _ => With("Gateway__InternalUrl", $"http://{Nobody}"),
        ["LS161"] = _ => With("LEADSYNC_URL", $"http://{Nobody}"),
        ["LS201"] = _ => With("ConnectionStrings__RabbitMq", $"amqp://guest:guest@{Nobody}/"),
        ["LS202"] = test => With("ConnectionStrings__RabbitMq", new UriBuilder(test.RabbitMq) { Path = "no-such-vhost" }.Uri.ToString()),
        ["LS204"] = test => test.WithoutRabbitMqPermissions(),
        ["LS205"] = test => test.OnOtherServers(own => ("ConnectionStrings__RabbitMq", $"{own.RabbitMq}")),
        ["LS301"] = _ => With("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing"),
        ["LS302"] = test => With("ConnectionStrings__Postgres", test.Postgres(address => address.Password = "wrong")),
        ["LS304"] = test => test.AsStranger(),
        ["LS305"] = test => With("ConnectionStrings__Postgres", test.Postgres(address => address.Options = "-c synchronous_commit=off")),
        ["LS306"] = test => test.OnOtherServers(own => ("ConnectionStrings__Postgres", Durable(own.Postgres))),
        ["LS307"] = _ => Task.FromResult(new Broken(["--reader-role", "no_such_role"])),
        ["LS309"] = test => test.SequenceBehind(),
        ["LS311"] = test => test.Stopped("parking.running", "seen_at", "where service = 'projector'"),
        ["LS312"] = test => test.AnotherVersion(),
        ["LS314"] = test => test.FullDisk(),
        ["LS313"] = test => test.Stopped("scheduler.leader", "ticked_at", ""),
    };

    public static TheoryData<string> Codes => [.. Cases.Keys];

    private Uri RabbitMq => new(Sync.Services.Environment["ConnectionStrings__RabbitMq"]);

    [Fact]
    public async Task a_running_sync_is_healthy()
    {
        var result = await Doctor(new Broken([]));

        Wrong(result).ShouldBeEmpty(result.Output);
        result.ExitCode.ShouldBe(0);
        (await CommandLine.Run(Environment(new Broken([])), "doctor")).Output.ShouldContain("Nothing is wrong.");
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task the_doctor_names_the_fault_and_nothing_else(string code)
    {
        await using var broken = await Cases[code](this);

        var result = await Doctor(broken);

        Wrong(result).ShouldBe([code], customMessage: result.Output);
        var finding = result.Json.GetProperty("findings").EnumerateArray().Single(one => one.GetProperty("code").GetString() == code);
        finding.GetProperty("cause").GetString().ShouldNotBeNullOrEmpty();
        finding.GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
        result.ExitCode.ShouldBe(finding.GetProperty("outcome").GetString() == "failed" ? 1 : 0);
        foreach (var secret in new[] { "Zoho__ClientSecret", "Zoho__RefreshToken" })
            result.Output.ShouldNotContain(Sync.Services.Environment[secret]);
    }

    [Fact]
    public async Task a_replica_that_nobody_can_ask_says_itself_that_it_is_not_ready()
    {
        var instance = Guid.NewGuid();
        await Execute($"""
            insert into parking.running (instance, service, version, host, started_at, working_on, not_ready)
            select '{instance}', service, version, 'pod-7', now() - interval '2 min', 0, 'masstransit-bus: No connection.'
            from parking.running where service = 'projector' limit 1
            """);
        try
        {
            var result = await Doctor(new Broken([]));

            Wrong(result).ShouldBe(["LS161"]);
            result.Output.ShouldContain("the projector on pod-7: masstransit-bus: No connection.");
        }
        finally
        {
            await Execute($"delete from parking.running where instance = '{instance}'");
        }
    }

    [Fact]
    public async Task a_role_that_may_read_the_view_is_named_as_such()
    {
        var role = $"{Sync.Name}_reader";
        await Execute($"create role {role}");
        try
        {
            Wrong(await Doctor(new Broken(["--reader-role", role]))).ShouldBe(["LS307"]);
            await Execute($"grant usage on schema legacy to {role}; grant select on all tables in schema legacy to {role}");
            Wrong(await Doctor(new Broken(["--reader-role", role]))).ShouldBeEmpty();
        }
        finally
        {
            await Execute($"drop owned by {role}; drop role {role}");
        }
    }

    [Fact]
    public async Task every_queue_of_the_services_is_checked()
    {
        await using var elsewhere = await OnOtherServers(own => ("ConnectionStrings__RabbitMq", $"{own.RabbitMq}"));
        var unread = (await Doctor(elsewhere)).Json.GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("code").GetString() == "LS205").GetProperty("detail").GetString()!;
        using var management = Management();
        var queues = await management.GetFromJsonAsync<JsonElement>($"queues{RabbitMq.AbsolutePath}", Stop);

        foreach (var queue in queues.EnumerateArray().Where(queue => queue.GetProperty("type").GetString() == "quorum"))
            unread.ShouldContain($"{queue.GetProperty("name").GetString()} of the");
    }

    [Fact]
    public async Task every_code_is_documented_and_tested()
    {
        var table = (await CommandLine.Run(new Dictionary<string, string>(), "doctor", "--codes")).Output;
        var document = await File.ReadAllTextAsync(Path.Combine(DevStack.Repository.Root, "docs", "doctor.md"), Stop);

        document.ShouldContain(table, customMessage: "write the output of `leadsync doctor --codes` into docs/doctor.md");
        // The tests have no server of an older version and no full broker. VersionTests checks those rules, and the rules for a gateway
        // that other machines reach and for queues on several nodes. PoolerTests has a pooler.
        table.Split('\n').Where(line => line.StartsWith("| LS", StringComparison.Ordinal)).Select(line => line[2..7])
            .ShouldBe(Cases.Keys.Concat(["LS156", "LS203", "LS206", "LS207", "LS303", "LS308"]), ignoreOrder: true);
    }

    private static string[] Wrong(CommandResult result) =>
    [
        .. result.Json.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("outcome").GetString() is "failed" or "warning")
            .Select(finding => finding.GetProperty("code").GetString()!),
    ];

    // A process reads the trusted certificates once.
    private Task<CommandResult> Doctor(Broken broken) => broken.Settings.Any(setting => setting.Key == "SSL_CERT_FILE")
        ? CommandLine.RunExecutable(Environment(broken), ["doctor", "--json", .. broken.Arguments])
        : CommandLine.Run(Environment(broken), ["doctor", "--json", .. broken.Arguments]);

    private Dictionary<string, string> Environment(Broken broken)
    {
        var environment = new Dictionary<string, string>(Sync.Services.Environment)
        {
            ["LEADSYNC_URL"] = $"{Sync.Services.Scheduler.Address}",
            ["ConnectionStrings__Postgres"] = Postgres(_ => { }),
            ["Gateway__InternalUrls"] = "http://+:8081",
        };
        foreach (var (key, value) in broken.Settings)
            environment[key] = value;
        return environment;
    }

    private static Task<Broken> With(string key, string value, params string[] arguments) =>
        Task.FromResult(new Broken(arguments) { Settings = [(key, value)] });

    private async Task<Broken> Turned(object dials)
    {
        var before = await Sync.Zoho.GetFromJsonAsync<JsonElement>("/control/dials", Stop);
        await Sync.Turn(dials);
        return new Broken([]) { Mend = () => Sync.Turn(before) };
    }

    private async Task<Broken> Ordered(string order, string back)
    {
        await Order(order, null);
        return new Broken([]) { Mend = () => Order(back, null) };
    }

    private async Task<Broken> Advanced(TimeSpan by)
    {
        await Order("clock/advance", new { by });
        return new Broken([]) { Mend = () => Order("clock/advance", new { by = -by }) };
    }

    private async Task Order(string what, object? body) =>
        (await Sync.Zoho.PostAsJsonAsync($"/control/{what}", body, Stop)).EnsureSuccessStatusCode();

    private Task<Broken> BehindTls()
    {
        var proxy = new TlsInFront(Sync.Services.Gateway.Address);
        return Task.FromResult(
            new Broken([]) { Settings = [("Gateway__PublicUrl", proxy.Address)], Mend = async () => await proxy.DisposeAsync() });
    }

    /// <summary>As in production, the services call Zoho by https, so Zoho calls only https addresses.</summary>
    private async Task<Broken> ZohoByHttps()
    {
        var proxy = new TlsInFront(Sync.Services.Simulator.Address);
        var trusted = Path.Combine(healthy.Shared.Run.Temporary, $"{Guid.NewGuid():n}.pem");
        await File.WriteAllTextAsync(trusted, proxy.Certificate, Stop);
        return new Broken(["--before-start"])
        {
            Settings = [("Zoho__AccountsUrl", proxy.Address), ("SSL_CERT_FILE", trusted)],
            Mend = async () => await proxy.DisposeAsync(),
        };
    }

    private async Task<Broken> OnOtherServers(Func<OwnServers, (string, string)> setting)
    {
        var own = new OwnServers(healthy.Shared, isEmpty: true);
        await own.InitializeAsync();
        return new Broken([]) { Settings = [setting(own)], Mend = async () => await own.DisposeAsync() };
    }

    private async Task<Broken> WithoutRabbitMqPermissions()
    {
        var (user, password) = ($"{Sync.Name}_stranger", $"{Guid.NewGuid():n}");
        using var management = Management();
        (await management.PutAsJsonAsync($"users/{user}", new { password, tags = "" }, Stop)).EnsureSuccessStatusCode();
        (await management.PutAsJsonAsync(
            $"permissions{RabbitMq.AbsolutePath}/{user}", new { configure = "^$", write = "^$", read = "^$" },
            Stop)).EnsureSuccessStatusCode();
        return new Broken([])
        {
            Settings = [("ConnectionStrings__RabbitMq", new UriBuilder(RabbitMq) { UserName = user, Password = password }.Uri.ToString())],
            Mend = async () =>
            {
                using var again = Management();
                (await again.DeleteAsync($"users/{user}", Stop)).EnsureSuccessStatusCode();
            },
        };
    }

    /// <summary>RabbitMQ's management API.</summary>
    private HttpClient Management()
    {
        var address = healthy.Shared.Infrastructure.RabbitMq.Management;
        Assert.SkipWhen(address is null, "needs RabbitMQ's management API");
        var client = new HttpClient
        {
            BaseAddress = new Uri(address!.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + "/api/")
        };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        return client;
    }

    /// <summary>Removes a service's heartbeats from the database.</summary>
    private async Task<Broken> Stopped(string table, string column, string where)
    {
        const string name = "leadsync_test_no_sign_of_life";
        await Execute($"""
            create function {name}() returns trigger language plpgsql as 'begin return null; end';
            update {table} set {column} = now() - interval '5 minutes' {where};
            create trigger {name} before update on {table} for each row execute function {name}();
            update {table} set {column} = now() {where}
            """);
        return new Broken([])
        {
            Mend = async () =>
            {
                await Execute($"drop trigger {name} on {table}; drop function {name}()");
                await RunningSync.Until("the service sends a heartbeat again", async () =>
                    await Sync.Value($"select min({column}) > now() - interval '30 seconds' from {table} {where}") is true);
            },
        };
    }

    /// <summary>Sets the sequences back, as after a move by logical replication.</summary>
    private async Task<Broken> SequenceBehind()
    {
        await Execute("select setval('projector.mt_events_sequence', 1)");
        return new Broken([])
        {
            Mend = () => Execute("select setval('projector.mt_events_sequence', (select max(seq_id) from projector.mt_events))"),
        };
    }

    private async Task<Broken> AnotherVersion()
    {
        await Execute("insert into parking.running (instance, service, version, host, started_at, working_on) select gen_random_uuid(), "
            + "'gateway', '0.0.1', 'elsewhere', now(), 0");
        return new Broken([]) { Mend = () => Execute("delete from parking.running where version = '0.0.1'") };
    }

    private async Task<Broken> FullDisk()
    {
        await Execute("""
            create function parking.refuse() returns trigger language plpgsql as $$
                begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
            create trigger full_disk before insert on parking.parked for each row execute function parking.refuse()
            """);
        return new Broken([]) { Mend = () => Execute("drop function parking.refuse cascade") };
    }

    private async Task<Broken> AsStranger()
    {
        var (role, password) = ($"{Sync.Name}_stranger", $"{Guid.NewGuid():n}");
        await Execute($"create role {role} login password '{password}'");
        return new Broken([])
        {
            Settings = [("ConnectionStrings__Postgres", Postgres(address => (address.Username, address.Password) = (role, password)))],
            Mend = () => Execute($"drop role {role}"),
        };
    }

    // The tests' PostgreSQL confirms commits before they are durable.
    private static string Durable(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Options = "-c synchronous_commit=on" }.ConnectionString;

    private string Postgres(Action<NpgsqlConnectionStringBuilder> change)
    {
        var address = new NpgsqlConnectionStringBuilder(Durable(Sync.Services.Environment["ConnectionStrings__Postgres"]));
        change(address);
        return address.ConnectionString;
    }

    private async Task Execute(string sql)
    {
        await using var command = Sync.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>A fault, and its repair.</summary>
    /// <param name="Arguments">The doctor's arguments.</param>
    private sealed record Broken(string[] Arguments) : IAsyncDisposable
    {
        public (string Key, string Value)[] Settings { get; init; } = [];

        public Func<Task>? Mend { get; init; }

        public async ValueTask DisposeAsync() => await (Mend?.Invoke() ?? Task.CompletedTask);
    }
}
