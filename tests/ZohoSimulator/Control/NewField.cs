using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>A custom field that is added at run time. It is empty in all leads until they are edited.</summary>
internal sealed record NewField(string ApiName, string DataType = "text", string? Label = null, int Length = 255)
{
    public IResult AddTo(FieldCatalogue fields) =>
        fields.TryAdd(new Field(ApiName, DataType, (_, _) => null) { Label = Label, Length = Length, Custom = true })
            ? Results.Ok()
            : Results.Text($"There is a field {ApiName} already.", statusCode: 409);
}
