using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Names;

namespace LeadSync.UnitTests.Projector;

public sealed class NamedViewTests
{
    private static readonly IReadOnlyList<DescribedField> Fields =
    [
        new("Owner", "Lead Owner", "ownerlookup"), new("Boss", "Boss", "userlookup"), new("City", null, "text")
    ];
    private static readonly Column Owner = new("Owner", FieldType.Reference);
    private static readonly Column City = new("City", FieldType.Text);
    private static readonly Column Boss = new("Boss", FieldType.Reference);

    [Fact]
    public void the_name_of_a_user_stands_beside_the_id() =>
        Names(NamedView.Columns([Owner, City], Fields, [])).ShouldBe(["id", "modified_time", "owner", "owner_name:owner", "city"]);

    [Fact]
    public void later_columns_are_added_at_the_end() =>
        Names(NamedView.Columns([Owner, City, Boss], Fields, ["id", "modified_time", "owner", "owner_name", "city"]))
        .ShouldBe(["id", "modified_time", "owner", "owner_name:owner", "city", "boss", "boss_name:boss"]);

    [Fact]
    public void a_field_that_has_the_name_already_keeps_it() =>
        Names(NamedView.Columns([Owner, new("Owner_Name", FieldType.Text)], Fields, []))
            .ShouldBe(["id", "modified_time", "owner", "owner_user_name:owner", "owner_name"]);

    [Fact]
    public void a_name_is_cut_where_postgresql_would() =>
        NamedView.Columns([new(new string('x', 63), FieldType.Reference)], [new(new string('x', 63), null, "userlookup")], [])
            .ShouldAllBe(column => column.Name.Length <= 63);

    private static IEnumerable<string> Names(IReadOnlyList<NamedView.NamedColumn> columns) =>
        columns.Select(column => column.User is null ? column.Name : $"{column.Name}:{column.User}");
}
