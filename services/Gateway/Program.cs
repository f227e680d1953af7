using LeadSync.ServiceDefaults;

return await Service.RunAsync("gateway", port: 8080, args,
    add: _ => { },
    map: _ => { },
    migrate: (_, _) => Task.CompletedTask);
