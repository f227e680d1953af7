namespace LeadSync.ZohoSimulator.Fields;

/// <summary>The words in the values of leads.</summary>
internal static class Words
{
    public static readonly string[] Salutations = ["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."];

    public static readonly string[] FirstNames =
    [
        "John", "Mary", "Ravi", "Priya", "Jürgen", "Zoë", "François", "Łukasz", "María José", "Anne-Marie", "Seán", "Ngọc", "Олена", "山田",
        "محمد", "Björk", "Aoife", "Chidi", "Noah", "Emma", "Liam", "Fatima", "Kwame", "Yuki", "Ana", "Ivan",
    ];

    public static readonly string[] LastNames =
    [
        "Smith", "Doe", "O'Brien", "D'Angelo", "Müller", "Nguyễn", "García-López", "Kowalski", "Van der Berg", "Þórsdóttir", "李", "佐藤",
        "Иванова", "الحسن", "Ferreira", "Okafor", "Andersson", "Yılmaz", "Novák", "Dubois", "Rossi", "Silva", "Kim", "Patel", "Singh",
        "Zylker",
    ];

    public static readonly string[] Jobs =
        [
            "CEO", "CTO", "Head of Purchasing", "Geschäftsführer", "Buyer, EMEA", "VP \"Strategic\" Sales", "Office Manager", "Ingénieur",
            "営業部長"
        ];

    public static readonly string[] Trades =
    [
        "Electronics", "Logistics", "Foods", "Textiles", "Maschinenbau", "Software", "& Sons", "Consulting", "Trading"
    ];

    public static readonly string[] LegalForms = ["Ltd", "GmbH", "Inc.", "S.A.", "Pty", "LLC", "株式会社", "A/S", "Co., Ltd."];

    public static readonly string[] Domains = ["zylker.example", "mail.example", "bücher.example", "acme-corp.example", "kontor.example"];

    public static readonly string[] Streets =
    [
        "Main St", "Hauptstraße", "Rue de l'Église", "Calle Mayor, 2º", "MG Road", "High Street", "улица Ленина"
    ];

    public static readonly string[] Cities =
    [
        "London", "München", "São Paulo", "Chennai", "Kraków", "Montréal", "東京", "Austin", "Saint-Étienne", "القاهرة"
    ];

    public static readonly string[] States = ["TX", "CA", "Bayern", "Tamil Nadu", "NSW", "Québec"];

    public static readonly string[] Countries =
    [
        "United States", "Germany", "India", "Brazil", "Japan", "Côte d'Ivoire", "Korea, Republic of"
    ];

    public static readonly string[] Industries =
    [
        "Technology", "Manufacturing", "Retail", "Financial Services", "Government/Military", "Large Enterprise"
    ];

    public static readonly string[] Currencies = ["USD", "EUR", "INR"];

    public static readonly string[] Sources =
    [
        "Advertisement", "Cold Call", "Employee Referral", "Web Download", "Trade Show", "X (Twitter)", "Chat"
    ];

    public static readonly string[] Statuses =
    [
        "Not Contacted", "Attempted to Contact", "Contacted", "Pre-Qualified", "Lost Lead", "Junk Lead"
    ];

    public static readonly string[] Ratings = ["Acquired", "Active", "Market Failed", "Project Cancelled", "Shut Down"];

    public static readonly string[] DataSources = ["Manual", "Import", "Web form", "API"];

    public static readonly string[] Tags = ["vip", "hot", "Zürich", "follow up", "expo 2025", "reseller"];
}
