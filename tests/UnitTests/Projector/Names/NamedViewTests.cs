using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Names;

namespace LeadSync.UnitTests.Projector.Names;

public sealed class NamedViewTests
{
    private static readonly IReadOnlyList<DescribedField> Fields =
    [
        new("Owner", "Lead Owner", "ownerlookup"), new("Boss", "Boss", "userlookup"), new("City", null, "text")
    ];
    private static readonly Column Owner = new("Owner", FieldType.Reference);
    private static readonly Column City = new("City", FieldType.Text);
    private static readonly Column Boss = new("Boss", FieldType.Reference);
    private static readonly Column OwnerName = new("Owner_Name", FieldType.Text);

    [Fact]
    public void the_name_of_a_user_stands_beside_the_id() =>
        Names([Owner, City]).ShouldBe(["id", "modified_time", "owner", "owner_name:owner", "city"]);

    [Fact]
    public void later_columns_are_added_at_the_end() =>
        Names([Owner, City, Boss], NamedView.Columns([Owner, City], Fields, [], []))
            .ShouldBe(["id", "modified_time", "owner", "owner_name:owner", "city", "boss", "boss_name:boss"]);

    [Fact]
    public void a_field_that_has_the_name_already_keeps_it() =>
        Names([Owner, OwnerName]).ShouldBe(["id", "modified_time", "owner", "owner_user_name:owner", "owner_name"]);

    [Theory, InlineData(FieldType.Text), InlineData(FieldType.Integer)]
    public void a_field_that_gets_the_name_later_gets_another_column(FieldType type) =>
        Names([Owner, new("Owner_Name", type)], NamedView.Columns([Owner], Fields, [], []))
            .ShouldBe(["id", "modified_time", "owner", "owner_name:owner", "owner_name_zoho:owner_name"]);

    [Fact]
    public void fields_with_every_likely_name_leave_a_free_one() =>
        Names([Owner, OwnerName, new("Owner_User_Name", FieldType.Text), new("Owner_User_Name_2", FieldType.Text)])
            .ShouldBe(["id", "modified_time", "owner", "owner_user_name_3:owner", "owner_name", "owner_user_name", "owner_user_name_2"]);

    [Fact]
    public void a_column_with_names_stays_when_zoho_changes_the_field_s_type() =>
        NamedView.Columns([Owner], [], ["id", "modified_time", "owner", "owner_name"], [new("owner_name", "owner", IsOfUser: true)])
            .ShouldBe(NamedView.Columns([Owner], Fields, [], []));

    [Fact]
    public void a_name_is_cut_where_postgresql_would() =>
        NamedView.Columns([new(new string('x', 63), FieldType.Reference)], [new(new string('x', 63), null, "userlookup")], [], [])
            .ShouldAllBe(column => column.Name.Length <= 63);

    private static IEnumerable<string> Names(IReadOnlyList<Column> columns, IReadOnlyList<NamedView.NamedColumn>? before = null) =>
        NamedView.Columns(
            columns, Fields, [.. (before ?? []).Select(column => column.Name)],
            [.. (before ?? []).Where(column => column.IsToBeRemembered)])
            .Select(column => column.IsToBeRemembered ? $"{column.Name}:{column.Source}" : column.Name);
}
