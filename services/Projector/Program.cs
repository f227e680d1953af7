using LeadSync.ServiceDefaults;

return await Service.RunAsync("projector", port: 8081, args,
    add: _ => { },
    map: _ => { },
    migrate: (_, _) => Task.CompletedTask);
