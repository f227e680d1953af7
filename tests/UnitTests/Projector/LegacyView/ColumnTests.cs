using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;

namespace LeadSync.UnitTests.Projector.LegacyView;

public sealed class ColumnTests
{
    [Theory]
    [InlineData("Last_Name", "last_name")]
    [InlineData("Xmin", "xmin_")]
    [InlineData("CTID", "ctid_")]
    [InlineData("Tableoid", "tableoid_")]
    [InlineData(
        "A_name_of_seventy_characters_which_is_longer_than_PostgreSQL_can_have__",
        "a_name_of_seventy_characters_which_is_longer_than_postgresql_ca")]
    public void a_column_is_named_as_its_field_unless_postgresql_has_such_a_column_or_cannot_have_it(string field, string column) =>
        new Column(field, FieldType.Text).Name.ShouldBe(column);

    [Fact]
    public void a_value_of_another_type_is_kept_for_the_events_and_said_not_to_fit()
    {
        var field = new SyncedField(new LeadField("Size", FieldType.Text), new Column("Size", FieldType.Integer));
        Span<byte> scratch = stackalloc byte[FieldValue.ScratchSize];

        field.Read("12"u8, scratch, out var fitting).ShouldBeNull();
        fitting.SequenceEqual("12"u8).ShouldBeTrue();
        field.Read("XL"u8, scratch, out var other)!.Reason.ShouldContain("leadsync retype Size");
        other.SequenceEqual("XL"u8).ShouldBeTrue();
    }

    [Fact]
    public void a_field_with_columns_of_several_types_is_read_once_and_shown_in_each_that_can_hold_it()
    {
        Column[] columns =
        [
            new("Size", FieldType.Integer, "size", IsMixed: true), new("Size", FieldType.Text, "size_text", IsMixed: true),
            new("Name", FieldType.Text)
        ];

        columns.RecordSql("fields").ShouldBe("cross join lateral jsonb_to_record(fields) as r(\"Size\" text, \"Name\" text)");
        columns.ValuesSql().ShouldBe(", projector.as_bigint(r.\"Size\"), r.\"Size\", r.\"Name\"");
    }
}
