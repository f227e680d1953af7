namespace LeadSync.Cli.Doctor;

/// <summary>A fault that the doctor can find.</summary>
/// <param name="Code">Stable: scripts and runbooks may rely on it.</param>
/// <param name="Checks">What the doctor checks.</param>
/// <param name="Cause">The most likely cause of a failure.</param>
/// <param name="Fix">What to do about it.</param>
internal sealed record Diagnosis(string Code, string Checks, string Cause, string Fix);

/// <summary>Everything that the doctor checks. <c>docs/doctor.md</c> is this list.</summary>
internal static class Diagnoses
{
    private static readonly List<Diagnosis> Known = [];

    public static IReadOnlyList<Diagnosis> All => Known;

    public static Diagnosis Configuration { get; } = Add(
        "LS001", "configuration", "A key is missing or malformed.",
            "Set the key that the sentence names, in the environment or in appsettings.json.");

    public static Diagnosis UnknownKeys { get; } = Add(
        "LS002", "names of the keys", "A key is misspelt: no service reads it, and the default applies.",
            "Correct the name that the sentence gives; docs/configuration.md lists the keys.");

    public static Diagnosis AccountsHost { get; } = Add(
        "LS101", "Zoho's accounts host", "`Zoho__AccountsUrl` is wrong, or a firewall or proxy keeps this machine from reaching it.",
        "Allow https from this machine to that host, or correct the address: https://accounts.zoho.com, .eu, .in, .com.au, .jp, .sa, .uk, "
            + ".com.cn, or https://accounts.zohocloud.ca.");

    public static Diagnosis DataCentres { get; } = Add(
        "LS102", "data centre", "The accounts host and the API host belong to different data centres.",
        "Set `Zoho__AccountsUrl` to the org's data centre, and create the client and the refresh token there.");

    public static Diagnosis Client { get; } = Add(
        "LS103", "client id and secret", "The client was deleted, its secret was renewed, or it belongs to another data centre.",
        "Copy `Zoho__ClientId` and `Zoho__ClientSecret` again from the API console of the data centre that `Zoho__AccountsUrl` names.");

    public static Diagnosis RefreshToken { get; } = Add(
        "LS104", "refresh token",
            "It was revoked, its user was deactivated, it belongs to another client, or it is a grant code and not a refresh token.",
        "Make a new grant code and exchange it within its ten minutes (docs/zoho-setup.md, step 3); set `Zoho__RefreshToken`.");

    public static Diagnosis TokenThrottle { get; } = Add(
        "LS105", "access tokens", "Programs asked for more than ten access tokens with this refresh token within ten minutes.",
        "Wait ten minutes. If it happens again, another program uses the same refresh token: create one for LeadSync alone.");

    public static Diagnosis ApiHost { get; } = Add(
        "LS106", "Zoho's API host",
            "A firewall or proxy keeps this machine from reaching it, `Zoho__ApiUrl` is wrong, or Zoho has an outage.",
        "Allow https from this machine to that host; leave `Zoho__ApiUrl` empty unless you know why not; see https://status.zoho.com.");

    public static Diagnosis TokenAccepted { get; } = Add(
        "LS107", "access token is accepted",
            "The API host does not know tokens of this accounts host, or something on the way removes the Authorization header.",
        "Leave `Zoho__ApiUrl` empty, so that LeadSync uses the host that Zoho names with the token; look for a proxy that strips headers.");

    public static Diagnosis NotificationScope { get; } = Scope(
        "LS111", "ZohoCRM.notifications.ALL", "the channel for notifications cannot be opened");

    public static Diagnosis LeadScope { get; } = Scope("LS112", "ZohoCRM.modules.leads.READ", "leads cannot be read");

    public static Diagnosis BulkScope { get; } = Scope("LS113", "ZohoCRM.bulk.READ", "the first read and comparisons cannot run");

    public static Diagnosis FieldScope { get; } = Scope("LS114", "ZohoCRM.settings.fields.READ", "the fields of a lead are not known");

    public static Diagnosis ModuleScope { get; } = Scope("LS115", "ZohoCRM.settings.modules.READ", "Zoho may refuse the fields' metadata");

    public static Diagnosis OrgScope { get; } = Scope("LS116", "ZohoCRM.org.READ", "the edition and so the daily credits are not known");

    public static Diagnosis UserScope { get; } = Scope("LS117", "ZohoCRM.users.READ", "legacy.users stays empty, and owners have no names");

    public static Diagnosis Permission { get; } = Add(
        "LS120", "the user may see leads", "The refresh token belongs to a user whose profile may not view leads.",
        "Create the refresh token as a user whose profile and role see every lead, or give this user's profile the permission.");

    public static Diagnosis Edition { get; } = Add(
        "LS121", "edition", "The edition has too few credits for a sync: 5,000 a day.",
        "Raise `Scheduler__CatchUpInterval` and `Scheduler__FullComparisonInterval`, or choose a larger edition.");

    public static Diagnosis Credits { get; } = Add(
        "LS122", "API credits", "The org has spent all or nearly all API credits of the last 24 hours, or too many calls run at once.",
        "Find in Zoho (Setup, APIs and SDKs, API dashboard) which program uses them; LeadSync catches up as soon as "
            + "there are credits again.");

    public static Diagnosis Budget { get; } = Add(
        "LS123", "budget and edition", "`Zoho__DailyCredits` is more than the edition's credits for a day.",
        "Set `Zoho__DailyCredits` to what LeadSync may spend of the edition's credits, and leave some to other programs.");

    public static Diagnosis Fields { get; } = Add(
        "LS131", "fields to sync", "`Zoho__Fields` names fields that the module does not have, or that the user's profile hides.",
        "Correct the API names (Setup, Developer hub, APIs, API names), or let the profile view these fields.");

    public static Diagnosis LostFields { get; } = Add(
        "LS132", "fields that were synced before",
            "A field was deleted in Zoho, or the user's profile hides it now: its column becomes NULL with the next change of each lead.",
        "Let the profile view the field; if it was deleted on purpose, tell the readers of the view.");

    public static Diagnosis Clock { get; } = Add(
        "LS140", "clock", "This machine's clock and Zoho's differ by more than five seconds.",
        "Let the machine keep time by NTP. LeadSync allows for the difference, but the times in its logs do not match Zoho's.");

    public static Diagnosis PublicUrl { get; } = Add(
        "LS151", "public address",
            "`Gateway__PublicUrl` is an address that Zoho cannot call: it names this machine or a private network, or is not https.",
        "Route https://<a public name>/zoho/ to the gateway and set `Gateway__PublicUrl` to https://<that name>.");

    public static Diagnosis PublicReach { get; } = Add(
        "LS152", "public address answers",
            "The name does not resolve, nothing listens there, or the gateway does not run. (From inside, some networks cannot call their "
                + "own public address.)",
        "Start the gateway; check the DNS entry, the proxy or ingress, and the firewall; try the address from outside.");

    public static Diagnosis Certificate { get; } = Add(
        "LS153", "certificate", "The certificate is not trusted, is for another name, or expires within two weeks.",
        "Install a certificate of a public authority for that name, with its intermediate certificates, and renew it automatically.");

    public static Diagnosis Webhook { get; } = Add(
        "LS154", "webhook path",
            "Something other than this gateway answers there, a proxy drops the query, or the gateway runs with other credentials.",
        "Route /zoho/ to the gateway with path and query unchanged and without a login; give doctor and gateway the same "
            + "configuration.");

    public static Diagnosis InternalUrl { get; } = Add(
        "LS155", "internal address", "`Gateway__InternalUrl` is wrong, or the projector's network blocks the call: the first read "
            + "never gets a row.",
        "Set it to the address at which the projector reaches the gateway, for example http://leadsync-gateway:8080.");

    public static Diagnosis Listeners { get; } = Add(
        "LS156", "what the public address shows",
        "`Gateway__InternalUrls` is not set: everyone who reaches the gateway's public address can "
            + "also read leads and spend API credits, unless a proxy forwards only /zoho/.",
        "Set `Gateway__InternalUrls` for the gateway, for example to http://+:8081, and `Gateway__InternalUrl` for the "
            + "projector to that port.");

    public static Diagnosis Ready { get; } = Add(
        "LS161", "services are ready", "A service runs and cannot work: its database, its broker or its schema is missing.",
        "The sentence is what the service answers at `/health/ready`, or what a replica wrote into `parking.running`. A replica has a "
            + "minute to start. Repair or start what the sentence names.");

    public static Diagnosis RabbitMq { get; } = Add(
        "LS201", "RabbitMQ answers", "The host or port of `ConnectionStrings__RabbitMq` is wrong, or RabbitMQ does not run.",
            "Start it, or correct the address.");

    public static Diagnosis RabbitMqLogin { get; } = Add(
        "LS202", "RabbitMQ login", "The user or password is wrong, the virtual host does not exist, or the user may not use it.",
        "Correct `ConnectionStrings__RabbitMq`; `rabbitmqctl add_vhost` and `rabbitmqctl set_permissions -p <vhost> <user> '.*' '.*' "
            + "'.*'`.");

    public static Diagnosis RabbitMqVersion { get; } = Add(
        "LS203", "RabbitMQ's version", "It is older than 3.10: its quorum queues lack what LeadSync relies on.",
            "Use RabbitMQ 3.10 or newer, preferably 4.");

    public static Diagnosis RabbitMqPermissions { get; } = Add(
        "LS204", "permissions in the virtual host", "The user may not create, write to or read from queues and exchanges.",
        "`rabbitmqctl set_permissions -p <vhost> <user> '.*' '.*' '.*'`.");

    public static Diagnosis Queues { get; } = Add(
        "LS205", "queues", "A service has never run on this virtual host, or does not run now: its messages wait.",
            "Start the service that the sentence names, and read its log.");

    public static Diagnosis BrokerAlarm { get; } = Add(
        "LS206", "RabbitMQ takes messages", "RabbitMQ has raised an alarm: its disk or its memory is nearly full.",
        "Free disk or memory of the broker (`rabbitmq-diagnostics alarms`); until then RabbitMQ accepts no message.");

    public static Diagnosis QueueMembers { get; } = Add(
        "LS207", "members of the queues", "A node of the RabbitMQ cluster is down, or a queue was made before the cluster had its nodes.",
        "Start the node; `rabbitmq-queues grow <node> all --vhost-pattern <vhost>` gives queues their missing members, and so does "
            + "RabbitMQ 3.13 and newer by itself with `quorum_queue.continuous_membership_reconciliation.enabled`.");

    public static Diagnosis Postgres { get; } = Add(
        "LS301", "PostgreSQL answers", "The host or port of `ConnectionStrings__Postgres` is wrong, or PostgreSQL does not run.",
            "Start it, or correct the connection string.");

    public static Diagnosis PostgresLogin { get; } = Add(
        "LS302", "PostgreSQL login", "The user or password is wrong, the database does not exist, or pg_hba.conf does not admit this host.",
        "Correct `ConnectionStrings__Postgres`; create the database; admit this host in pg_hba.conf.");

    public static Diagnosis PostgresVersion { get; } = Add(
        "LS303", "PostgreSQL's version", "It is older than 15, the oldest version that LeadSync is tested with.",
        "Use PostgreSQL 15 or newer.");

    public static Diagnosis PostgresRights { get; } = Add(
        "LS304", "rights in the database", "The user may not read and write LeadSync's tables, or, where the services bring the schema "
            + "up to date themselves, may not create them.",
        "Run deploy/postgres/roles.sql and set `Database__AutoMigrate=false` for the services; or let one user do both: `grant "
            + "create on database <database> to <user>`.");

    public static Diagnosis PostgresSettings { get; } = Add(
        "LS305", "PostgreSQL's settings",
            "The database is not UTF-8, is read-only, confirms commits before they are durable, or PostgreSQL was built without lz4.",
        "Create it with encoding UTF8; connect to the primary; leave `synchronous_commit` on, or a crash may lose what LeadSync has "
            + "confirmed to Zoho; use a PostgreSQL with lz4, as all packages and images have.");

    public static Diagnosis Schema { get; } = Add(
        "LS306", "schema", "Neither the services nor `migrate` have run on this database.",
            "Start the services, or run each with the argument `migrate`.");

    public static Diagnosis Readers { get; } = Add(
        "LS307", "the legacy role reads the view", "The role of `--reader-role` does not exist or may not read the schema `legacy`.",
        "`grant usage on schema legacy to <role>; grant select on all tables in schema legacy to <role>;`");

    public static Diagnosis Pooler { get; } = Add(
        "LS308", "sessions", "A connection pooler in transaction mode is between the services and PostgreSQL: the leader's lock needs a "
            + "session, so no scheduler leads.",
        "Connect the services to PostgreSQL directly, or use the pooler in session mode.");

    public static Diagnosis Sequences { get; } = Add(
        "LS309", "sequences", "The database was moved by logical replication (blue/green, an import), which copies rows but not sequences: "
            + "new rows would get numbers that are taken.",
        "Run each service with the argument `migrate`, or restart it if it migrates when it starts: the migration corrects the sequences.");

    public static Diagnosis Running { get; } = Add(
        "LS311", "services run", "A service was not started, or keeps crashing.",
            "Start the service that the sentence names, and look into its log.");

    public static Diagnosis Versions { get; } = Add(
        "LS312", "one version", "An upgrade is not finished, or left out a service. Mixed versions do no harm for a while.",
            "Bring all services to the same version.");

    public static Diagnosis Leader { get; } = Add(
        "LS313", "a scheduler leads", "No scheduler leads, or the leading one hangs.",
            "Start or restart the scheduler; if replicas run and none leads, see LS308.");

    public static Diagnosis Writable { get; } = Add(
        "LS314", "PostgreSQL takes rows", "Its disk is full, or this server is a copy that can only be read.",
        "The sentence is PostgreSQL's own. Give it space, or connect to the primary. No client can see how much space is left: let the "
            + "monitoring of the database's disk warn in time.");

    private static Diagnosis Scope(string code, string scope, string effect) => Add(
        code, $"scope {scope}", $"The refresh token was made without the scope {scope}: {effect}.",
        "Make a new grant code with all scopes of docs/zoho-setup.md, exchange it, and set `Zoho__RefreshToken`: Zoho cannot add a "
            + "scope to an existing token.");

    private static Diagnosis Add(string code, string checks, string cause, string fix)
    {
        var diagnosis = new Diagnosis(code, checks, cause, fix);
        Known.Add(diagnosis);
        return diagnosis;
    }
}
