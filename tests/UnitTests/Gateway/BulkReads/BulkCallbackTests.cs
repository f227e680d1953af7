using System.Text;
using LeadSync.Gateway.BulkReads;

namespace LeadSync.UnitTests.Gateway.BulkReads;

public sealed class BulkCallbackTests
{
    [Theory]
    [InlineData("""{"data":[{"id":"5725767000002025007","operation":"read","state":"COMPLETED"}]}""")]
    [InlineData("""{"data":{"id":5725767000002025007}}""")]
    [InlineData("""{"job_id":"5725767000002025007"}""")]
    [InlineData("""{"id":"5725767000002025007"}""")]
    [InlineData("""{"data":[{"details":{"id":"5725767000002025007"}}]}""")]
    public void the_job_is_found_in_every_form_of_the_body(string body) =>
        BulkCallback.JobId(Encoding.UTF8.GetBytes(body)).ShouldBe("5725767000002025007");

    [Theory]
    [InlineData("")]
    [InlineData("junk")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"id":"../result"}]}""")]
    [InlineData("""{"id":null}""")]
    public void a_body_without_a_job_names_none(string body) => BulkCallback.JobId(Encoding.UTF8.GetBytes(body)).ShouldBeNull();
}
