namespace LeadSync.LocalStack;

/// <summary>Something on this machine is not as it should be. The message is for the person at the keyboard, as it is.</summary>
public sealed class LocalStackException(string message) : Exception(message);
