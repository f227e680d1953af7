using LeadSync.ServiceDefaults;

return await Service.RunAsync("scheduler", port: 8082, args,
    add: _ => { },
    map: _ => { },
    migrate: (_, _) => Task.CompletedTask);
