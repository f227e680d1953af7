using System.Text;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.UnitTests.Gateway.Zoho.Calls;

public sealed class ZohoErrorTests
{
    [Theory]
    [InlineData(401, """{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}""", "Auth", "INVALID_TOKEN")]
    [InlineData(401, """{"code":"AUTHENTICATION_FAILURE","message":"x","status":"error"}""", "Auth", "AUTHENTICATION_FAILURE")]
    [InlineData(401, "", "Auth", "NO_CODE")]
    [InlineData(401, """{"code":"OAUTH_SCOPE_MISMATCH","message":"Unauthorized","status":"error"}""", "Permission", "OAUTH_SCOPE_MISMATCH")]
    [InlineData(403, """{"code":"OAUTH_SCOPE_MISMATCH","status":"error"}""", "Permission", "OAUTH_SCOPE_MISMATCH")]
    [InlineData(403, """{"code":"NO_PERMISSION","details":{"permissions":["x"]},"status":"error"}""", "Permission", "NO_PERMISSION")]
    [InlineData(400, """{"code":"AUTHORIZATION_FAILED","status":"error"}""", "Permission", "AUTHORIZATION_FAILED")]
    [InlineData(
        400, """{"data":[{"code":"INVALID_DATA","details":{"api_name":"id"},"message":"m","status":"error"}]}""", "Rejected",
        "INVALID_DATA")]
    [InlineData(400, """{"watch":[{"code":"NOT_SUBSCRIBED","status":"error"}]}""", "Rejected", "NOT_SUBSCRIBED")]
    [InlineData(400, """{"watch":{"code":"NOT_SUBSCRIBED","status":"error"}}""", "Rejected", "NOT_SUBSCRIBED")]
    [InlineData(400, """{"recycle_bin":[{"code":"INVALID_DATA","status":"error"}]}""", "Rejected", "INVALID_DATA")]
    [InlineData(400, """{"code":"NOT_SUBSCRIBED","details":"free text","status":"error"}""", "Rejected", "NOT_SUBSCRIBED")]
    [InlineData(404, """{"code":"RESOURCE_NOT_FOUND","details":{"resource":"1"},"status":"error"}""", "NotFound", "RESOURCE_NOT_FOUND")]
    [InlineData(404, "", "NotFound", "NO_CODE")]
    [InlineData(429, """{"code":"TOO_MANY_REQUESTS","status":"error"}""", "Throttled", "TOO_MANY_REQUESTS")]
    [InlineData(429, "", "Throttled", "NO_CODE")]
    [InlineData(400, """{"code":"TOO_MANY_REQUESTS","status":"error"}""", "Throttled", "TOO_MANY_REQUESTS")]
    [InlineData(200, """{"code":"TOO_MANY_REQUESTS","status":"error"}""", "Throttled", "TOO_MANY_REQUESTS")]
    [InlineData(200, """{"code":"TOO_MANY_REQUESTS","message":"wait"}""", "Throttled", "TOO_MANY_REQUESTS")]
    [InlineData(200, """{"code":"INTERNAL_ERROR","status":"failure"}""", "Unavailable", "INTERNAL_ERROR")]
    [InlineData(200, """{"data":[{"code":"RATE_LIMIT_EXCEEDED","status":"error"}]}""", "Throttled", "RATE_LIMIT_EXCEEDED")]
    [InlineData(200, """{"code":"INVALID_TOKEN","status":"error"}""", "Auth", "INVALID_TOKEN")]
    [InlineData(500, """{"code":"INTERNAL_ERROR","status":"error"}""", "Unavailable", "INTERNAL_ERROR")]
    [InlineData(503, "", "Unavailable", "NO_CODE")]
    [InlineData(200, "", "Unavailable", "NOT_JSON")]
    [InlineData(302, "", "Unavailable", "NO_CODE")]
    [InlineData(400, """{"code":"Doe, John <john@example.org>","status":"error"}""", "Rejected", "ODD_CODE")]
    [InlineData(400, """[1,2]""", "Rejected", "NO_CODE")]
    public void an_error_is_found_wherever_zoho_puts_it(int status, string body, string kind, string code)
    {
        var error = ZohoError.Find(status, ZohoJson.Parse(Encoding.UTF8.GetBytes(body))).ShouldNotBeNull();

        error.Kind.ToString().ShouldBe(kind);
        error.Code.ShouldBe(code);
        error.Message.ShouldContain(code);
    }

    [Theory]
    [InlineData(200, """{"data":[{"id":"1","Last_Name":"Doe"}]}""")]
    [InlineData(200, """{"data":[{"id":"1","code":"A-7","status":"open"}]}""")]
    [InlineData(201, """{"watch":[{"code":"SUCCESS","status":"success"}]}""")]
    [InlineData(207, """{"watch":[{"code":"SUCCESS","status":"success"},{"code":"INVALID_DATA","status":"error"}]}""")]
    [InlineData(204, "")]
    [InlineData(304, "")]
    public void an_answer_without_an_error_has_none(int status, string body) =>
        ZohoError.Find(status, ZohoJson.Parse(Encoding.UTF8.GetBytes(body))).ShouldBeNull();

    [Theory]
    [InlineData("""{"code":"SUCCESS","status":"success"}""", true)]
    [InlineData("""{"status":"success"}""", true)]
    [InlineData("""{"code":"SUCCESS"}""", true)]
    [InlineData("""{"code":"INVALID_DATA","status":"error"}""", false)]
    [InlineData("""{"status":"pending"}""", false)]
    [InlineData("{}", false)]
    public void an_element_that_does_not_say_success_has_failed(string element, bool succeeded) =>
        (ZohoError.OfElement(ZohoJson.Parse(Encoding.UTF8.GetBytes(element))!.Value) is null).ShouldBe(succeeded);
}
