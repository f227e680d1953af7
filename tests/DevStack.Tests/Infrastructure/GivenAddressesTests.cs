using LeadSync.DevStack.Infrastructure;

namespace LeadSync.DevStack.Tests.Infrastructure;

public sealed class GivenAddressesTests
{
    [Theory]
    [InlineData(GivenAddresses.PostgresKey, "garbage")]
    [InlineData(GivenAddresses.PostgresKey, "Password=hidden")]
    [InlineData(GivenAddresses.RabbitMqKey, "secret@localhost")]
    [InlineData(GivenAddresses.RabbitMqKey, "http://user:secret@localhost")]
    public void a_malformed_address_is_refused_with_a_sentence_that_names_its_key(string key, string value)
    {
        var before = Environment.GetEnvironmentVariable(key);
        Environment.SetEnvironmentVariable(key, value);
        try
        {
            var message = Should.Throw<DevStackException>(() => (GivenAddresses.Postgres, GivenAddresses.RabbitMq).ToString()).Message;

            message.ShouldStartWith($"{key} is not a");
            message.ShouldContain("for example");
            message.ShouldNotContain(value);
        }
        finally
        {
            Environment.SetEnvironmentVariable(key, before);
        }
    }
}
