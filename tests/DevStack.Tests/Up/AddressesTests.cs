using LeadSync.DevStack.Up;

namespace LeadSync.DevStack.Tests.Up;

public sealed class AddressesTests : IAsyncDisposable
{
    private static readonly Uri Management = new("http://user:secret@broker.example:15672/");

    [Fact]
    public void the_password_of_a_given_broker_is_not_shown() =>
        Addresses.Broker(new(new Uri("amqp://user:secret@broker.example/"), Management, "given")).ShouldBe("http://broker.example:15672");

    [Fact]
    public void the_password_of_a_private_broker_is_shown() =>
        Addresses.Broker(new(new Uri("amqp://user:secret@broker.example/"), Management, "installed", this)).ShouldBe($"{Management}");

    [Theory]
    [InlineData("99999")]
    [InlineData("65533")]
    [InlineData("0")]
    public void ports_that_do_not_exist_are_refused(string port) =>
        UpOptions.CreateCommand((_, _) => Task.FromResult(0)).Parse(["--port", port]).Errors
            .ShouldHaveSingleItem().Message.ShouldStartWith("--port takes a number from 1 to 65532");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
