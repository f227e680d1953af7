using LeadSync.ServiceDefaults.Health;
using LeadSync.ZohoSimulator;
using LeadSync.ZohoSimulator.BulkRead;
using LeadSync.ZohoSimulator.Control;
using LeadSync.ZohoSimulator.Coql;
using LeadSync.ZohoSimulator.Deleted;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Oauth;
using LeadSync.ZohoSimulator.Records;
using LeadSync.ZohoSimulator.Watch;

if (args is ["health"])
    return await HealthProbe.Run(Settings.Port());

var builder = WebApplication.CreateBuilder(args);
builder.AddSettings();
builder.Services.AddGate();
builder.Services.AddLeads();
builder.Services.AddOauth();
builder.Services.AddWatch();
builder.Services.AddRecords();
builder.Services.AddDeleted();
builder.Services.AddCoql();
builder.Services.AddBulkRead();
builder.Services.AddControl();

await using var app = builder.Build();
app.AnnounceLeads();
app.UseGate();
app.MapOauth();
app.MapControl();
app.MapGroup("/crm/bulk/{version:regex(^v[678]$)}").MapBulkRead();

var crm = app.MapGroup("/crm/{version:regex(^v[678]$)}");
crm.MapWatch();
crm.MapRecords();
crm.MapDeleted();
crm.MapCoql();
crm.MapFields();
crm.MapUsers();

await app.RunAsync();
return 0;
