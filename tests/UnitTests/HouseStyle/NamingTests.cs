using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LeadSync.Cli.Doctor;
using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Projector;
using LeadSync.Scheduler;
using LeadSync.ServiceDefaults;
using LeadSync.UnitTests.Documentation;

namespace LeadSync.UnitTests.HouseStyle;

/// <summary>The same thing has the same kind of name in every service.</summary>
public sealed partial class NamingTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types =
    [
        .. new[]
            {
                typeof(LeadChanged), typeof(Service), typeof(GatewayOptions), typeof(GatewayClient), typeof(SchedulerOptions),
                typeof(Findings),
            }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => !IsGenerated(type) && type.Namespace?.StartsWith("LeadSync", StringComparison.Ordinal) == true),
    ];

    /// <summary>Nearly every method of the services returns a task, so the suffix Async says nothing.</summary>
    [Fact]
    public void only_methods_that_a_library_names_end_in_async() =>
        (from type in Types
         from method in type.GetMethods(All)
         where method.Name.EndsWith("Async", StringComparison.Ordinal) && !method.Name.Contains('<') && !IsNamedByALibrary(type, method)
         select $"{type.FullName}.{method.Name}").ShouldBeEmpty("Take the suffix away");

    [Fact]
    public void a_time_provider_is_called_clock() =>
        (from type in Types
         from method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
         where !method.Name.Contains('<')
         from parameter in method.GetParameters()
         where parameter.ParameterType == typeof(TimeProvider) && parameter.Name != "clock"
         select $"{type.FullName}.{method.Name}({parameter.Name})").ShouldBeEmpty("Call it clock; Zoho's is called zohoClock");

    [Fact]
    public void a_cancellation_token_is_called_ct() =>
        (from type in Types
         from method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
         where !method.Name.Contains('<') && !(method is MethodInfo named && IsNamedByALibrary(type, named))
         from parameter in method.GetParameters()
         where parameter.ParameterType == typeof(CancellationToken) && parameter.Name is not ("ct" or "Ct" or "value")
         select $"{type.FullName}.{method.Name}({parameter.Name})").ShouldBeEmpty("Call it ct");

    [Fact]
    public void a_field_begins_with_a_small_letter_and_a_constant_with_a_capital() =>
        (from type in Types
         where !type.IsEnum
         from field in type.GetFields(All)
         where !IsGenerated(field) && !field.Name.Contains('<')
         let isConstant = field.IsLiteral || (field.IsStatic && field.IsInitOnly)
         where isConstant != char.IsUpper(field.Name[0]) || field.Name.Contains('_')
         select $"{type.FullName}.{field.Name}").ShouldBeEmpty("The project writes neither _field nor s_field nor CONSTANT");

    /// <summary>The test above sees only the programs that the services and the command line consist of.</summary>
    [Fact]
    public void no_field_of_the_tests_and_their_tools_begins_with_an_underscore() =>
        (from file in Documents.Below("tests", "*.cs")
         from Match field in UnderscoredField().Matches(Documents.Text(file))
         select $"{file}: {field.Groups[1].Value}").ShouldBeEmpty("Take the underscore away");

    [Fact]
    public void an_interface_begins_with_i() =>
        Types.Where(type => type.IsInterface && !Regex.IsMatch(type.Name, "^I[A-Z]")).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void a_test_is_called_by_a_sentence() =>
        (from file in Documents.Below("tests", "*.cs")
         from Match test in Test().Matches(Documents.Text(file))
         let name = test.Groups[1].Value
         where name.Count(letter => letter == '_') < 2
         select $"{file}: {name}").ShouldBeEmpty("The name says what a user relies on, in words with underscores between them");

    private static bool IsNamedByALibrary(Type type, MethodInfo method) =>
        IsOfALibrary(method.GetBaseDefinition().DeclaringType!) || Implemented(type).Contains(method);

    private static IEnumerable<MethodInfo> Implemented(Type type) => type.IsInterface
        ? []
        : type.GetInterfaces().Where(IsOfALibrary).SelectMany(one => type.GetInterfaceMap(one).TargetMethods);

    private static bool IsOfALibrary(Type type) => !type.Assembly.GetName().Name!.StartsWith("LeadSync", StringComparison.Ordinal);

    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || member.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        || member.Name.StartsWith("__", StringComparison.Ordinal) || member.Name.Contains('<')
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    [GeneratedRegex(@"^ +(?:private|internal|protected)\b[^;={\n]* (_[a-z]\w*) *[;=]", RegexOptions.Multiline)]
    private static partial Regex UnderscoredField();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b(?:[^\n]*\n)(?:\s*\[[^\n]*\n|\s{8,}[^\n]*\n)*?\s{4}public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex Test();
}
